/** The recipe of a warm start: what `lab pretrain` reads and every model card prints. */
import * as z from 'zod/mini';
import { badConfig } from '../errors.ts';
import { type ModelConfig, parseModelConfig } from '../model/config.ts';
import { TASKS } from './experiment/catalog.ts';
import { choice, number } from './experiment/field.ts';
import type { TaskSettings } from './experiment/schema.ts';
import { section, variants } from './experiment/structure.ts';
import { traceFields, traceOptions } from './experiment/trace-fields.ts';
import type { ChatterKind } from './tasks/chatter.ts';
import { createTask } from './tasks/index.ts';
import { refusedTraces } from './tasks/plain-traces.ts';
import type { TraceStyle } from './tasks/task.ts';

/** A parsed recipe with all defaults filled in. */
export interface PretrainRecipe {
  readonly version: 1;
  readonly seed: number;
  readonly model: ModelConfig;
  readonly task: TaskSettings;
  /**
   * Tasks to practise, taken in turn: easier settings of the task beside the task itself, which give a very small model a start.
   * Where none are given, the task alone.
   */
  readonly practice: readonly TaskSettings[];
  /** Weights of 0, 1, 2, ... failed tries before the right one. */
  readonly failed_tries: readonly number[];
  /** Chance that a trace with failed tries stops without the right one. */
  readonly give_up: number;
  /** Chance that a step's result is written wrong. */
  readonly slips: number;
  /** `carry*0.4`: mistakes made again and again, each with its chance. */
  readonly misconceptions: string;
  readonly operands: 'any' | 'larger-first';
  readonly style: TraceStyle;
  /** `public private*2`: how the steps are written, with weights. */
  readonly dialects: string;
  /** `private*0.05`: the chance of a slip in the steps of single dialects. */
  readonly dialect_slips: string;
  /** The most chatter of a trace, 0 to 3. */
  readonly chatter: number;
  readonly chatter_kind: ChatterKind;
  /** Whether a check of the whole finds slips. */
  readonly check_repairs: boolean;
  /** Share of sequences in which the expert is the critic of a pair of answers. */
  readonly critic_share: number;
  /** Share of its verdicts that follow its comparison; the others are random, which leaves judging as something to learn. */
  readonly critic_follows: number;
  /** Share of sequences in which the expert is shown something of its own beside the question. */
  readonly annotator_share: number;
  /** Its answer, to which it writes the reasoning, as rationalization asks; or its trace, which it writes again, as OPSD asks. */
  readonly annotator_shows: 'answer' | 'trace';
  /** Weight of a token of the question in the loss; a token of the answer has 1. Learning to predict stories teaches their words. */
  readonly prompt_loss_weight: number;
  readonly steps: number;
  /** Sequences per step. */
  readonly batch_size: number;
  readonly learning_rate: number;
  readonly lr_scheduler_type: 'constant' | 'linear' | 'cosine';
  readonly warmup_steps: number;
  readonly adam_beta1: number;
  readonly adam_beta2: number;
  readonly weight_decay: number;
  readonly max_grad_norm: number;
  /** Further rounds on fresh traces, for a first round that fell short. Each has fresh moments and its own schedule. */
  readonly further_rounds: readonly {
    readonly steps: number;
    readonly learning_rate: number;
    readonly warmup_steps: number;
    /** Chance of giving up in this round. */
    readonly give_up: number;
  }[];
  /** Standard deviation of the initial weights, under Hugging Face's name. */
  readonly initializer_range: number;
  readonly evaluation: {
    readonly prompts: number;
    readonly samples: number;
    readonly max_completion_length: number;
  };
}

const setting = (
  label: string,
  help: string,
  value: number,
  min: number,
  max: number,
  integer = false,
) => number({ label, help, min, max, default: value, ...(integer && { integer }) });

const recipeSchema = section(
  { label: 'Recipe', help: 'How a bundled policy is made.' },
  {
    version: z._default(z.literal(1), 1),
    seed: setting(
      'Seed',
      'All random numbers of the training follow from it.',
      1,
      0,
      4_294_967_295,
      true,
    ),
    model: z.record(z.string(), z.unknown()),
    task: variants(
      'id',
      { label: 'Task', help: 'Whose expert traces are learnt.', default: 'countdown' },
      TASKS,
    ),
    practice: z.optional(
      z
        .array(variants('id', { label: 'Practice', help: 'Tasks practised in turn.' }, TASKS))
        .check(z.minLength(1), z.maxLength(16)),
    ),
    failed_tries: z._default(
      z.array(z.number().check(z.gte(0))).check(z.minLength(1), z.maxLength(16)),
      [1],
    ),
    ...traceFields,
    critic_share: setting('As critic', 'Share of sequences that judge a pair of answers.', 0, 0, 1),
    critic_follows: setting('Verdicts that follow', 'Of the critic’s comparison.', 0.4, 0, 1),
    annotator_share: setting('As annotator', 'Share that is shown answer or trace.', 0, 0, 1),
    annotator_shows: choice({
      label: 'Shown to the annotator',
      help: 'Its answer, to which it reasons, or its trace, which it writes again.',
      options: ['answer', 'trace'].map((value) => ({ value, label: value })),
      default: 'answer',
    }),
    steps: setting('Steps', 'Optimiser steps.', 1000, 1, 1_000_000, true),
    batch_size: setting('Batch size', 'Sequences a step.', 32, 1, 1024, true),
    learning_rate: setting('Learning rate', 'Peak learning rate.', 1e-3, 0, 1),
    lr_scheduler_type: choice({
      label: 'Schedule',
      help: 'How the learning rate goes on after the warm-up.',
      options: ['constant', 'linear', 'cosine'].map((value) => ({ value, label: value })),
      default: 'cosine',
    }),
    warmup_steps: setting('Warm-up', 'Steps of linear warm-up.', 0, 0, 100_000, true),
    adam_beta1: setting('Beta 1', 'Decay of the first moment.', 0.9, 0, 0.99999),
    adam_beta2: setting('Beta 2', 'Decay of the second moment.', 0.99, 0, 0.99999),
    weight_decay: setting('Weight decay', 'Decay of matrices.', 0.1, 0, 1),
    max_grad_norm: setting('Gradient clip', 'Largest global norm; 0 is off.', 1, 0, 1000),
    further_rounds: z._default(
      z.array(
        section(
          { label: 'Further round', help: 'Training that follows, with fresh moments.' },
          {
            steps: setting('Steps', 'Optimiser steps.', 1000, 1, 1_000_000, true),
            learning_rate: setting('Learning rate', 'Peak learning rate.', 1e-3, 0, 1),
            warmup_steps: setting('Warm-up', 'Steps of linear warm-up.', 0, 0, 100_000, true),
            give_up: traceFields.give_up,
          },
        ),
      ),
      [],
    ),
    initializer_range: setting(
      'Initial deviation',
      'Standard deviation of fresh weights.',
      0.02,
      1e-6,
      1,
    ),
    evaluation: section(
      { label: 'Evaluation', help: 'What the card reports.' },
      {
        prompts: setting('Questions', 'Held-out questions.', 200, 1, 4096, true),
        samples: setting('Answers', 'Answers per question.', 8, 1, 64, true),
        max_completion_length: setting('Longest answer', 'Tokens.', 64, 1, 1024, true),
      },
    ),
  },
);

/** One round of training with its own schedule. */
export type TrainingRound = PretrainRecipe['further_rounds'][number];

/** All rounds of a recipe, the first one from the recipe itself. */
export function roundsOf(recipe: PretrainRecipe): readonly TrainingRound[] {
  return [recipe, ...recipe.further_rounds];
}

/** Optimiser steps of all rounds. */
export function stepsOf(recipe: PretrainRecipe): number {
  return roundsOf(recipe).reduce((sum, { steps }) => sum + steps, 0);
}

/**
 * Reads a recipe.
 * @throws BadConfig naming the field; BadFile for the model's own keys (`recipe.model.<key>`)
 */
export function parseRecipe(json: unknown): PretrainRecipe {
  const parsed = z.safeParse(recipeSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const field = [...issue.path, ...keys].join('.') || 'recipe';
    throw badConfig(field, `${field}: ${issue.message}`);
  }
  const recipe = {
    ...parsed.data,
    practice: parsed.data.practice ?? [parsed.data.task],
    model: parseModelConfig(parsed.data.model, 'recipe.model'),
  } as PretrainRecipe;
  for (const task of recipe.practice) {
    const untold = refusedTraces(createTask(task), traceOptions(recipe));
    if (untold) throw untold;
  }
  return recipe;
}
