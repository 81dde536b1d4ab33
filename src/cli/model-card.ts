/** The card of a pretrained model: what it is, what it saw, how good it is, and how to make it again. */
import { BUILD } from '../build.ts';
import { askedText } from '../rl/evaluate/asked.ts';
import type { Evaluation } from '../rl/evaluate/evaluate.ts';
import type { Pretrained, PretrainRow } from '../rl/pretrain.ts';
import { type PretrainRecipe, roundsOf, stepsOf } from '../rl/pretrain-recipe.ts';
import { createTask } from '../rl/tasks/index.ts';
import { expertText } from './expert-text.ts';

/** Number of losses in a card, evenly spaced over the steps. */
const LOSSES = 50;

/** The card as plain data: the contents of card.json. */
export interface ModelCard {
  readonly name: string;
  readonly parameters: number;
  /** SHA-256 of model.safetensors, hex. */
  readonly sha256: string;
  readonly recipe: PretrainRecipe;
  /** One sentence about the training data. */
  readonly data: string;
  readonly num_tokens: number;
  /** [step, loss in nats a token]. */
  readonly losses: readonly (readonly [number, number])[];
  /** On held-out questions, at temperature 1. */
  readonly evaluation: Pretrained['evaluation'];
  readonly build: string;
  readonly adapter: string;
}

export function modelCard(
  name: string,
  recipe: PretrainRecipe,
  trained: Pretrained,
  made: {
    readonly rows: readonly PretrainRow[];
    readonly sha256: string;
    readonly adapter: string;
  },
): ModelCard {
  const { rows, sha256, adapter } = made;
  const every = Math.max(1, Math.ceil(rows.length / LOSSES));
  const kept = rows.filter(({ step }) => step % every === 0 || step === rows.length);
  const task = createTask(recipe.task);
  return {
    name,
    parameters: trained.layout.parameters,
    sha256,
    recipe,
    data: `${stepsOf(recipe) * recipe.batch_size} traces of an exact solver for the task ${task.label}, made by the lab from seed ${recipe.seed}; no other text. A fixed part of the questions is held out from every seed.`,
    num_tokens: trained.num_tokens,
    losses: kept.map(({ step, loss }) => [step, Math.round(loss * 1e4) / 1e4] as const),
    evaluation: trained.evaluation,
    build: BUILD,
    adapter,
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function judgedRows(e: Evaluation): string {
  if (e.accuracy === null) return '| right or wrong | not judged: the task has no verifier |';
  const { low, high } = e.accuracy_interval;
  return `| accuracy | ${percent(e.accuracy)} (95 % interval ${percent(low)} to ${percent(high)}) |
| pass@${e.samples} | ${percent(e.pass_at_k[e.samples - 1])} |
| maj@${e.samples} | ${percent(e.maj_at_k[e.samples - 1])} |
| well formed | ${percent(e.well_formed)} |`;
}

/** The card as README.md. */
export function cardText(card: ModelCard): string {
  const { name, recipe, evaluation: e, losses } = card;
  const { model } = recipe;
  const task = createTask(recipe.task);
  const last = losses.at(-1);
  const habits = expertText(recipe);
  const rounds = roundsOf(recipe)
    .map((round) => `${round.steps} at ${round.learning_rate}`)
    .join(', then ');
  return `# ${name}

A ${model.num_hidden_layers} x ${model.hidden_size} decoder of the Llama family with ${card.parameters} parameters and one token a character,
warm-started so that reinforcement learning has something to improve. Task: ${task.label}. ${task.description}

| held-out questions, temperature 1 | |
| --- | --- |
${judgedRows(e)}
| mean length | ${e.mean_length.toFixed(1)} tokens |
| asked | ${askedText(e)}; ${e.samples} answers each |

- Data: ${card.data}${habits && `\n- The expert: ${habits}`}
- Training: ${rounds} steps of ${recipe.batch_size} sequences, ${card.num_tokens} tokens, AdamW (${recipe.lr_scheduler_type}); final loss ${last ? last[1] : 'unknown'} nats a token.
- Made by build ${card.build} on ${card.adapter}.
- SHA-256 of model.safetensors: \`${card.sha256}\`
- Limits: it knows this task and nothing else, and answers wrongly often; that is what it is for.

Make it again: \`npm run -s lab -- pretrain --recipe recipe.json --out DIR\`. The same build on the same adapter gives the same
bytes. Details and the loss curve: card.json.
`;
}
