/** The model for `reward`: lines as tokens, their log-probs, and the policy that reward terms may query. */
import type { Gpu } from '../gpu/gpu.ts';
import { Learner } from '../model/learner.ts';
import type { LoadedModel } from '../model/load.ts';
import type { BatchPlan } from '../rl/learn/pack.ts';
import { policyService } from '../rl/learn/policy-service.ts';
import type { Completion, PolicyService, TokenPair } from '../rl/rewards/reward.ts';
import type { Task } from '../rl/tasks/task.ts';
import type { InputLine } from './lines.ts';
import { badOption } from './options.ts';
import { encodeText, type TextReader } from './sequences.ts';

/** Most tokens in a micro-batch, unless a single line has more. It bounds memory and changes no score. */
const MICRO_BATCH = 1024;
/** Rows are rounded up to this, so that few shapes are compiled. */
const BUCKET = 64;

/** The ids of one side of a line. @throws BatonError BadFile whose field is the line and `key` */
function idsOf(
  line: InputLine,
  key: string,
  side: 'prompt' | 'completion',
  text: string,
  model: TextReader,
) {
  try {
    return encodeText(model, side, text);
  } catch (error) {
    throw line.fail(
      key,
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * A line's tokens as if the policy had written it: the prompt with the special tokens before it, and the completion with
 * its end token, unless the line says that it was truncated.
 * @throws BatonError BadFile for a line that the model cannot read, or that is longer than its context
 */
export function tokensOf(
  line: InputLine,
  key: string,
  { question, text, truncated }: Pick<Completion, 'question' | 'text' | 'truncated'>,
  model: TextReader,
): Pick<Completion, 'promptIds' | 'completionIds'> {
  const { eos_token_id: end, max_position_embeddings: positions } = model.config;
  const promptIds = idsOf(line, key, 'prompt', question.prompt, model);
  const written = idsOf(line, 'completion', 'completion', text, model);
  const completionIds = truncated || end === null ? written : [...written, end];
  const length = promptIds.length + completionIds.length;
  if (length > positions) {
    throw line.fail(
      null,
      `has ${length} tokens; this model's max_position_embeddings is ${positions}`,
    );
  }
  return { promptIds, completionIds };
}

/** Tokens of the longest line. */
export function longestOf(batch: readonly TokenPair[]): number {
  return batch.reduce((most, c) => Math.max(most, c.promptIds.length + c.completionIds.length), 0);
}

/** How given lines are cut. @param positions tokens of the longest */
export function batchPlan(positions: number): BatchPlan {
  const tokens = Math.max(MICRO_BATCH, Math.ceil(positions / BUCKET) * BUCKET);
  return { microBatchTokens: tokens, tokenBucket: BUCKET };
}

/** Refuses a model that cannot read questions, before any line is read. */
export function requireTokenizer(model: Pick<TextReader, 'tokenizer'>, option = 'model') {
  if (model.tokenizer) return model.tokenizer;
  throw badOption(
    option,
    'has no tokenizer.json, so it cannot read questions',
    'Put a tokenizer.json beside its weights.',
  );
}

/**
 * Opens the policy, gives every completion the log-probs that sampling would have given it, does the work, and frees the policy.
 * @param temperature divides the logits: that of the experiment's sampling
 */
export async function withPolicyService<T>(
  gpu: Gpu,
  model: LoadedModel,
  task: Task,
  batch: readonly Completion[],
  temperature: number,
  work: (scored: readonly Completion[], service: PolicyService) => Promise<T>,
): Promise<T> {
  const empty = encodeText(model, 'prompt', task.emptyPrompt).length;
  const longest = Math.max(
    ...batch.map((c) => Math.max(c.promptIds.length, empty) + c.completionIds.length),
  );
  const positions = Math.min(longest, model.config.max_position_embeddings);
  const plan = batchPlan(positions);
  const policy = await Learner.create(gpu, model.layout, {
    tokens: plan.microBatchTokens,
    positions,
    temperature,
    train: false,
  });
  try {
    policy.setParameters(model.parameters);
    const service = policyService(policy, requireTokenizer(model), plan);
    const logprobs = await service.logprobs(batch);
    return await work(
      batch.map((completion, i) => ({ ...completion, logprobs: logprobs[i] })),
      service,
    );
  } finally {
    policy.destroy();
  }
}
