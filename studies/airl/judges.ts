/**
 * Trains reward models alone, against policies that stand still, and asks each to rerank, to find errors and to judge: at home, and in the other
 * worlds. Every answer is kept in the cache, so that a study that was stopped goes on.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callLab, complaint } from '../../src/cli/lab-child.ts';
import { canonicalJson } from '../../src/rl/experiment/canonical.ts';
import { SEED } from '../lib/evaluate.ts';
import { short } from '../lib/raw.ts';
import type { Probe } from '../lib/study.ts';
import { Stopped, StudyError } from '../lib/study-error.ts';
import { policyHash, type Workshop } from '../lib/workshop.ts';
import { MOST, QUESTIONS } from './asked.ts';
import { airlMethod, FEW, type Granularity } from './setting.ts';
import { WORLDS, type World } from './worlds.ts';

/** Questions, and answers to each: the largest N of reranking. */
const ASKED = { prompts: QUESTIONS, samples: MOST } as const;

/** A mean and its 95 % interval over questions. */
export type RawInterval = readonly [mean: number, low: number, high: number];

/** Accuracy by the number of answers, for each way to choose. */
export interface RawRerank {
  readonly n: number;
  readonly choosers: Readonly<Record<string, number>>;
  /** Of ways that do not ask the reward: what each gains over one sample. */
  readonly gains: Readonly<Record<string, RawInterval>>;
}

/** Shares of traces in which the first wrong step is hit, by finder. */
export interface RawFound {
  readonly traces: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly steps: Readonly<Record<string, number>>;
}

/** A reward model of one world, used in one world. */
export interface RawJudge {
  readonly from: string;
  readonly on: string;
  readonly granularity: Granularity;
  readonly seed: number;
  readonly reward_model_hash: string;
  readonly rerank: readonly RawRerank[];
  readonly natural: RawFound;
  readonly injected: RawFound;
  /** How often the policy's own log-probability hits the first wrong step of its answers. */
  readonly own_hit: RawInterval;
  /** Right answers from wrong ones. */
  readonly auroc: number | null;
  readonly auroc_log_probability: number | null;
  readonly calibration_error: number | null;
}

export interface RawJudges {
  readonly version: 1;
  readonly build: string;
  readonly judges: readonly RawJudge[];
}

type Json = Readonly<Record<string, unknown>>;

interface Ask {
  readonly args: readonly string[];
  /** What the answer follows from besides the arguments: hashes of models. */
  readonly mark: string;
  /** Where it is kept. */
  readonly path: string;
  /** Before it is asked, and not taken from the cache. */
  readonly onBegin?: () => void;
}

async function ask(
  { lab, root, stop }: Workshop,
  { args, mark, path, onBegin }: Ask,
): Promise<Json> {
  const asked = canonicalJson([args, mark, lab.build]);
  if (existsSync(path)) {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as { asked: string; answer: Json };
    if (kept.asked === asked) return kept.answer;
  }
  onBegin?.();
  const logFile = path.replace(/json$/, 'log');
  const answer = await callLab({
    main: lab.path,
    root,
    args: [...args],
    logFile,
    onLine: () => {},
    stop,
  });
  if (answer.status === 130) throw new Stopped();
  if (answer.status !== 0 || !answer.result) {
    throw new StudyError(`${args[0]}, ${path}: ${complaint(answer)}`);
  }
  writeFileSync(path, `${JSON.stringify({ asked, answer: answer.result })}\n`);
  return answer.result;
}

/** @returns the trained reward model: its folder and the hash of its weights */
async function train(
  shop: Workshop,
  { id, policy, task, steps }: World,
  granularity: Granularity,
  seed: number,
): Promise<{ readonly folder: string; readonly hash: string }> {
  const name = `${id}-${granularity}-s${seed}`;
  const folder = join(shop.cache, name);
  const experiment = {
    ...{ seed, steps, task, policy },
    method: { ...airlMethod, granularity, reward_warmup_steps: steps },
    evaluation: { every: 0 },
  };
  const path = join(shop.cache, `${name}.experiment.json`);
  writeFileSync(path, JSON.stringify(experiment));
  shop.log(`judge ${name}`);
  const { reward_model_hashes: hashes } = await ask(shop, {
    args: ['train', '--experiment', path, '--out', folder],
    mark: canonicalJson([experiment, policyHash(shop.root, policy)]),
    path: join(shop.cache, `${name}.json`),
    onBegin: () => rmSync(folder, { recursive: true, force: true }),
  });
  return { folder: join(folder, 'reward-model'), hash: (hashes as Json)['reward-model'] as string };
}

function shares(of: unknown, read: (one: Json) => unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(of as Readonly<Record<string, Json>>).flatMap(([id, one]) => {
      const share = short(read(one));
      return share === null ? [] : [[id, share]];
    }),
  );
}

/** Ways to choose that are the same whatever the reward. */
const WITHOUT_REWARD = ['majority', 'log_probability'] as const;

type Interval = Readonly<Record<'mean' | 'low' | 'high', number>>;

function intervalOf(of: unknown): RawInterval {
  const { mean, low, high } = of as Interval;
  return [short(mean) ?? 0, short(low) ?? 0, short(high) ?? 0];
}

function foundOf(of: unknown): RawFound {
  const { traces, tokens, steps } = of as Json;
  const hits = (grid: unknown) => (grid === null ? {} : shares(grid, ({ hit_at_1 }) => hit_at_1));
  return { traces: Number(traces), tokens: hits(tokens), steps: hits(steps) };
}

/** Asks a reward model about the answers of a world's policy. */
async function use(
  shop: Workshop,
  home: World,
  on: World,
  granularity: Granularity,
  seed: number,
): Promise<RawJudge> {
  const model = await train(shop, home, granularity, seed);
  const name = `${home.id}-${granularity}-s${seed}-on-${on.id}`;
  shop.log(`judge ${name}`);
  const shared = [
    ...['--task', canonicalJson(on.task), '--model', on.policy, '--reward-model', model.folder],
    ...['--seed', `${SEED}`, '--prompts', `${ASKED.prompts}`, '--samples', `${ASKED.samples}`],
    ...['--max-completion-length', `${airlMethod.max_completion_length}`],
  ];
  const mark = canonicalJson([model.hash, policyHash(shop.root, on.policy)]);
  const answer = (command: string) =>
    ask(shop, {
      args: [command, ...shared],
      ...{ mark, path: join(shop.cache, `${name}.${command}.json`) },
    });
  const { rows } = await answer('rerank');
  const { natural, injected, judge } = await answer('find-error');
  const quality = (judge ?? {}) as Json;
  return {
    ...{ from: home.id, on: on.id, granularity, seed, reward_model_hash: model.hash },
    rerank: (rows as readonly Json[]).map(({ n, choosers }) => ({
      n: Number(n),
      choosers: shares(choosers, ({ accuracy }) => accuracy),
      gains: Object.fromEntries(
        WITHOUT_REWARD.map((id) => [
          id,
          intervalOf((choosers as Readonly<Record<string, Json>>)[id].gain_interval),
        ]),
      ),
    })),
    natural: foundOf(natural),
    injected: foundOf(injected),
    own_hit: intervalOf(
      ((natural as Json).steps as Readonly<Record<string, Json>>).log_probability.hit_at_1_interval,
    ),
    auroc: short(quality.auroc),
    auroc_log_probability: short(quality.log_probability_auroc),
    calibration_error: short(quality.calibration_error),
  };
}

export const judgesProbe: Probe = {
  name: 'judges',
  async measure(shop): Promise<RawJudges> {
    mkdirSync(shop.cache, { recursive: true });
    const wanted = FEW.flatMap((seed) =>
      WORLDS.flatMap((home) =>
        home.granularities.map((granularity) => ({ seed, home, granularity })),
      ),
    );
    const judges: RawJudge[][] = wanted.map(() => []);
    let next = 0;
    const work = async () => {
      for (let at = next++; at < wanted.length; at = next++) {
        const { seed, home, granularity } = wanted[at];
        // Away from home only what is read at every token: every column has it.
        const places = granularity === 'dense' ? WORLDS : [home];
        for (const on of places) judges[at].push(await use(shop, home, on, granularity, seed));
      }
    };
    await Promise.all(Array.from({ length: shop.options.jobs }, work));
    return { version: 1, build: shop.lab.build, judges: judges.flat() };
  },
};
