/** Models before and after training, by `lab eval`; an answer is kept beside the run and asked for again only when it would differ. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callLab, complaint } from '../../src/cli/lab-child.ts';
import { canonicalJson } from '../../src/rl/experiment/canonical.ts';
import {
  type RawDialect,
  type RawEvaluation,
  type RawHidden,
  type RawStart,
  type RawTournament,
  type RawTransfer,
  short,
} from './raw.ts';
import { Stopped, StudyError } from './study-error.ts';
import { policyHash, type Workshop } from './workshop.ts';

/** Questions and noise of all evaluations of all studies: the same for every model, so that differences are between models. */
export const SEED = 20_261;

/** The parts of a whole experiment that matter here. */
interface Evaluated {
  readonly task: unknown;
  readonly policy: string;
  readonly method: {
    readonly temperature: number;
    readonly max_completion_length: number;
    /** Of methods with a critic alone. */
    readonly critic_reasoning?: boolean;
    readonly binary_critic?: boolean;
    readonly separate_critic?: boolean;
  };
}

/** Whether a model was trained to judge pairs, after reasoning, with its own weights. */
export function isJudge(experiment: unknown): boolean {
  const { critic_reasoning, binary_critic, separate_critic } = (experiment as Evaluated).method;
  return critic_reasoning === true && !binary_critic && !separate_critic;
}

export interface ModelToEvaluate {
  /** For the log. */
  readonly id: string;
  /** Its folder, or the id of a bundled one. */
  readonly model: string;
  /** SHA-256 of its weights. */
  readonly hash: string;
  /** What it was trained with. */
  readonly experiment: unknown;
  /** Whether it holds the part's tournament. */
  readonly plays: boolean;
  /** Folder for the answers. */
  readonly cached: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Empty for null, which stands where nobody can judge. */
const list = (value: unknown) => ((value ?? []) as readonly unknown[]).map((v) => short(v) ?? 0);

type Handed = Readonly<Record<string, { readonly transferability: unknown }>>;

/** Right finishes of the answers in each dialect; null where there is none. */
function byDialect(handed: Handed): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(handed).map(([id, { transferability }]) => [id, short(transferability)]),
  );
}

function toTransfer(transfer: Json): RawTransfer {
  return {
    leakage: short(transfer.leakage_mean) ?? 0,
    receivers: (transfer.receivers as readonly Json[]).map((own) => ({
      receiver: String(own.receiver),
      success: list(own.success),
      transferability: short(own.transferability) ?? 0,
      scratch: short(own.scratch) ?? 0,
      ...(own.by_dialect !== undefined && { by_dialect: byDialect(own.by_dialect as Handed) }),
    })),
  };
}

type Told = Readonly<Record<string, { readonly share: unknown; readonly accuracy: unknown }>>;

/** Shares and accuracy by dialect, without their intervals over questions. */
function toDialects(dialects: Told): Record<string, RawDialect> {
  return Object.fromEntries(
    Object.entries(dialects).map(([id, { share, accuracy }]) => [
      id,
      { share: short(share) ?? 0, accuracy: short(accuracy) },
    ]),
  );
}

function toHidden({ win_rate, win_rate_interval: _, ...passed }: Json): RawHidden {
  return {
    win_rate: short(win_rate) ?? 0,
    passed: Object.fromEntries(
      Object.entries(passed).map(([id, share]) => [id, short(share) ?? 0]),
    ),
  };
}

function toTournament({ by_answers }: Json): RawTournament[] {
  return (by_answers as readonly Json[]).map((row) => {
    const share = (name: string) => short(row[name]) ?? 0;
    return {
      n: share('n'),
      winner: share('tournament'),
      ...{ one_sample: share('one_sample'), majority: share('majority') },
      best_of: share('best_of'),
    };
  });
}

/** What is kept of an answer of `lab eval`. */
function toRaw(answer: Json): RawEvaluation {
  const number = (name: string) => short(answer[name]) ?? 0;
  return {
    split: String(answer.split),
    prompts: number('prompts'),
    samples: number('samples'),
    seed: number('seed'),
    temperature: number('temperature'),
    max_completion_length: number('max_completion_length'),
    ...(short(answer.accuracy) !== null && { accuracy: number('accuracy') }),
    mean_length: number('mean_length'),
    truncated: number('truncated'),
    maj_at_k: list(answer.maj_at_k),
    pass_at_k: list(answer.pass_at_k),
    ...(short(answer.mean_length_right) !== null && {
      mean_length_right: number('mean_length_right'),
    }),
    ...(answer.transfer !== undefined && { transfer: toTransfer(answer.transfer as Json) }),
    ...(answer.dialects !== undefined && { dialects: toDialects(answer.dialects as Told) }),
    ...(answer.chatter !== undefined && { chatter: number('chatter') }),
    ...(answer.hidden !== undefined && { hidden: toHidden(answer.hidden as Json) }),
    ...(answer.tournament !== undefined && {
      tournament: toTournament(answer.tournament as Json),
    }),
  };
}

/** @returns null where there is no answer yet, and none is to be asked for */
async function ask(
  shop: Workshop,
  { id, model, hash, experiment, plays, cached }: ModelToEvaluate,
  split: string,
): Promise<RawEvaluation | null> {
  const { evaluation } = shop.part;
  if (!evaluation) throw new StudyError(`${shop.part.id} asks for no evaluation`);
  const { task, method } = experiment as Evaluated;
  const args = [
    ...['eval', '--task', canonicalJson(task), '--split', split, '--seed', `${SEED}`],
    ...['--prompts', `${evaluation.prompts}`, '--samples', `${evaluation.samples}`],
    ...['--temperature', `${method.temperature}`],
    ...['--max-completion-length', `${evaluation.budget ?? method.max_completion_length}`],
  ];
  if (evaluation.receivers) {
    args.push('--receivers', evaluation.receivers.join(' '));
    args.push('--transfer-answers', `${evaluation.answersHandedOver ?? 1}`);
  }
  if (evaluation.tournament && plays) {
    args.push('--tournament', `${evaluation.tournament.answers}`);
    args.push('--max-verdict-length', `${evaluation.tournament.verdict}`);
  }
  // Weights by their hash and not by their place: a study's folder may be moved.
  const path = join(cached, `eval-${split}.json`);
  const mark = canonicalJson([args, hash, shop.lab.build]);
  if (existsSync(path)) {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { mark: string; answer: Json };
    if (kept.mark === mark) return toRaw(kept.answer);
  }
  if (!shop.options.evaluate) return null;
  shop.log(`${id}: evaluating on ${split}`);
  const { lab, root, stop } = shop;
  const logFile = join(cached, 'eval.log');
  const answer = await callLab({
    main: lab.path,
    root,
    args: [...args, '--model', model],
    logFile,
    onLine: () => {},
    stop,
  });
  if (answer.status === 130) throw new Stopped();
  if (answer.status !== 0 || !answer.result) {
    throw new StudyError(`${id}, evaluation on ${split}: ${complaint(answer)}`);
  }
  writeFileSync(path, `${JSON.stringify({ mark, answer: answer.result })}\n`);
  return toRaw(answer.result);
}

/** A model on all splits of the part. */
export async function evaluateModel(
  shop: Workshop,
  model: ModelToEvaluate,
): Promise<RawEvaluation[]> {
  const all: RawEvaluation[] = [];
  for (const split of shop.part.evaluation?.splits ?? []) {
    const answer = await ask(shop, model, split);
    if (answer) all.push(answer);
  }
  return all;
}

/** The model that an experiment starts from, on all splits. */
export async function evaluateStart(shop: Workshop, experiment: unknown): Promise<RawStart> {
  const { policy } = experiment as Evaluated;
  const hash = policyHash(shop.root, policy);
  const cached = join(shop.cache, `start-${policy.replace('policies/', '')}`);
  mkdirSync(cached, { recursive: true });
  const evaluations = await evaluateModel(shop, {
    id: `start (${policy})`,
    model: policy,
    hash,
    experiment,
    plays: true,
    cached,
  });
  return {
    version: 1,
    policy,
    policy_hash: hash,
    build: shop.lab.build,
    evaluations,
  };
}
