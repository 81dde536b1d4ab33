/** The folder of a reward model: its weights, how it is read, and a card that says what it learned from and how well it tells experts from the policy. */
import { BUILD } from '../build.ts';
import { type FileReader, sha256Hex } from '../model/load.ts';
import { saveParameters } from '../model/weights.ts';
import type { HeldOut } from '../rl/airl/held-out.ts';
import { type RewardReading, rewardConfigJson } from '../rl/airl/reward-model.ts';
import type { Interval } from '../rl/evaluate/bootstrap.ts';
import { experimentHash } from '../rl/experiment/canonical.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { methodOf } from '../rl/methods/index.ts';
import type { MetricsRow } from '../rl/records.ts';
import type { TrainedReward } from '../rl/run/reward-models.ts';
import { createTask } from '../rl/tasks/index.ts';

/** How a reward model came to be. */
export interface RewardMade {
  readonly experiment: Experiment;
  /** Steps done. */
  readonly step: number;
  /** SHA-256 of the weights that the policy began with, hex. */
  readonly policyHash: string;
  readonly adapter: string;
  /** Null where it was not measured, because the run was interrupted. */
  readonly heldOut: HeldOut | null;
  /** The row of the last step; null before the first. */
  readonly last: MetricsRow | null;
}

/** The contents of card.json. */
interface RewardCard {
  readonly kind: 'reward model';
  readonly parameters: number;
  /** SHA-256 of model.safetensors, hex. */
  readonly sha256: string;
  readonly reading: RewardReading;
  readonly task: Experiment['task'];
  /** One sentence about what it learned from. */
  readonly data: string;
  readonly steps: number;
  /** On held-out questions, against the policy as it was at the end. */
  readonly held_out: HeldOut | null;
  /** What the last step measured before the model learned from it. */
  readonly last_step: Readonly<Record<string, number | null>>;
  readonly experiment: Experiment;
  readonly experiment_hash: string;
  readonly policy_hash: string;
  readonly build: string;
  readonly adapter: string;
}

/**
 * The files of a reward model by name.
 * @param read gives files of the policy's folder, whose tokenizer it shares
 */
export async function rewardFiles(
  { layout, parameters, scalar, reading }: TrainedReward,
  read: FileReader,
  made: RewardMade,
): Promise<{ files: Map<string, Uint8Array | string>; hash: string }> {
  const weights = saveParameters(layout, parameters, scalar);
  const hash = await sha256Hex(weights);
  const { experiment, step, heldOut } = made;
  const own = Object.entries(made.last ?? {}).filter(([key]) => key.startsWith('discriminator/'));
  const card: RewardCard = {
    kind: 'reward model',
    parameters: layout.parameters + layout.config.hidden_size + 1,
    sha256: hash,
    reading,
    task: experiment.task,
    data: dataOf(experiment, step),
    steps: step,
    held_out: heldOut,
    last_step: Object.fromEntries(own),
    experiment,
    experiment_hash: await experimentHash(experiment),
    policy_hash: made.policyHash,
    build: BUILD,
    adapter: made.adapter,
  };
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files = new Map<string, Uint8Array | string>([
    ['config.json', pretty(rewardConfigJson(layout.config, reading))],
    ['model.safetensors', weights],
    ['card.json', pretty(card)],
    ['README.md', cardText(card)],
  ]);
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    const bytes = await read(name);
    if (bytes) files.set(name, bytes);
  }
  return { files, hash };
}

function dataOf({ task, method, policy, seed }: Experiment, steps: number): string {
  const { label } = createTask(task);
  const completions = steps * methodOf(method).completions;
  return `${completions} completions of ${policy} in ${steps} steps, against experts’ traces of the task ${label} to the same questions, made by the lab from seed ${seed}; no other text. Held-out questions are in neither.`;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const shown = (interval: Interval | null | undefined, show: (value: number) => string) =>
  !interval
    ? 'not measured'
    : `${show(interval.mean)} (95 % interval ${show(interval.low)} to ${show(interval.high)})`;

function cardText({ reading, held_out: held, ...card }: RewardCard): string {
  const task = createTask(card.task);
  const { granularity, interval, reward_clip: clip } = reading;
  const places = {
    sparse: 'at the last token',
    step: 'at the ends of steps',
    interval: `every ${interval} tokens and at the last`,
    dense: 'at every token',
  }[granularity];
  return `# Reward model for ${task.label}

One number per token: above 0 the text so far looks like the expert’s, below 0 like the policy’s. ${card.parameters} parameters, a decoder with one linear unit
(\`score.weight\`, \`score.bias\`) in place of the output matrix. It is read ${places}, and a reward is kept between -${clip} and ${clip}.

| held-out questions | |
| --- | --- |
| AUROC, expert against policy | ${shown(held?.auroc_interval, (value) => value.toFixed(3))} |
| told rightly at 0 | ${shown(held?.accuracy_interval, percent)} |
| traces | ${held?.experts ?? 0} of experts, ${held?.answers ?? 0} answers |

- Data: ${card.data}
- Made by build ${card.build} on ${card.adapter}.
- SHA-256 of model.safetensors: \`${card.sha256}\`
- Limits: it tells this expert from this policy as it was at the end, and is no judge of right and wrong. It saw one task. A policy that is trained on it while it
  stays as it is finds what it pays by mistake.

Make it again: \`npm run -s lab -- train --experiment F.json --out DIR\` with the experiment in card.json, which is also all that is known of how it was made.
`;
}
