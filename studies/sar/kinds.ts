/** What the self-aligned reward says of answers that an expert wrote: right and short, right and long, partly right, wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callLab, complaint } from '../../src/cli/lab-child.ts';
import { parseExperiment } from '../../src/rl/experiment/schema.ts';
import { estimate } from '../../src/rl/over-seeds.ts';
import { answerKinds, type KindId } from '../../src/rl/tasks/answer-kinds.ts';
import { createTask } from '../../src/rl/tasks/index.ts';
import type { Test } from '../lib/claims.ts';
import { SEED } from '../lib/evaluate.ts';
import { signed, withInterval } from '../lib/format.ts';
import { short } from '../lib/raw.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import type { Probe } from '../lib/study.ts';
import { Stopped, StudyError } from '../lib/study-error.ts';
import { policyHash } from '../lib/workshop.ts';

const QUESTIONS = 128;
const TERMS = ['sar', 'confidence'] as const;

/** Values of one kind of answer, question by question; null where the question has none. */
interface KindValues {
  readonly kind: KindId;
  readonly label: string;
  readonly sar: readonly (number | null)[];
  readonly confidence: readonly (number | null)[];
}

interface RawKinds {
  readonly version: 1;
  readonly policy: string;
  readonly policy_hash: string;
  readonly build: string;
  readonly kinds: readonly KindValues[];
}

interface Line {
  readonly question: number;
  readonly kind: KindId;
  readonly label: string;
  readonly prompt: string;
  readonly completion: string;
}

/** All kinds of answers to the questions of the held-out evaluation. */
function lines(task: ReturnType<typeof createTask>): Line[] {
  const seen = new Set<string>();
  return Array.from({ length: QUESTIONS }, (_, question) => question).flatMap((question) => {
    const asked = task.question('test', question, SEED);
    // Easy tasks have fewer questions than are asked for: each cluster counts once, so that intervals are over clusters.
    const cluster = task.clusterOf?.(asked) ?? asked.prompt;
    if (seen.has(cluster)) return [];
    seen.add(cluster);
    return answerKinds(task, asked).flatMap(({ id, label, text: completion }) =>
      completion === null ? [] : [{ question, kind: id, label, prompt: asked.prompt, completion }],
    );
  });
}

type Terms = Readonly<Record<string, { readonly value: number }>>;

export const answerKindsProbe: Probe = {
  name: 'kinds',
  async measure({ part, root, cache, lab, stop }): Promise<RawKinds> {
    const rewards = TERMS.map((term) => ({ term, weight: 1 }));
    const asking = parseExperiment({ ...part.base, rewards });
    if (!asking.ok) throw new StudyError(`kinds of answers: ${asking.problems[0].message}`);
    const { task, policy } = asking.experiment;
    const folder = join(cache, 'kinds');
    mkdirSync(folder, { recursive: true });
    const asked = lines(createTask(task));
    const input = join(folder, 'answers.jsonl');
    writeFileSync(input, asked.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const experiment = join(folder, 'experiment.json');
    writeFileSync(experiment, JSON.stringify(asking.experiment));
    const args = ['reward', '--experiment', experiment, '--input', input, '--model', policy];
    const logFile = join(folder, 'reward.log');
    const answer = await callLab({ main: lab.path, root, args, logFile, onLine: () => {}, stop });
    if (answer.status === 130) throw new Stopped();
    if (answer.status !== 0 || !answer.result) {
      throw new StudyError(`kinds of answers: ${complaint(answer)}`);
    }
    const results = answer.result.results as readonly { readonly terms: Terms }[];
    const labels = new Map(asked.map(({ kind, label }) => [kind, label]));
    const kinds = [...labels].map(([kind, label]) => {
      const values = (term: (typeof TERMS)[number]) => {
        const found: (number | null)[] = Array(QUESTIONS).fill(null);
        asked.forEach((line, i) => {
          if (line.kind === kind) found[line.question] = short(results[i].terms[term].value);
        });
        return found;
      };
      return { kind, label, sar: values('sar'), confidence: values('confidence') };
    });
    return { version: 1, policy, policy_hash: policyHash(root, policy), build: lab.build, kinds };
  },
};

const known = (values: readonly (number | null)[]) =>
  values.filter((value): value is number => value !== null);

/** One kind's R_SA less another's, over the questions that have both. */
function gap(kinds: readonly KindValues[], more: KindId, less: KindId): number[] {
  const of = (id: KindId) => kinds.find(({ kind }) => kind === id)?.sar ?? [];
  const [a, b] = [of(more), of(less)];
  return a.flatMap((x, i) => {
    const y = b[i] ?? null;
    return x === null || y === null ? [] : [x - y];
  });
}

const show = (value: number) => signed(value, 3);

/** One kind's R_SA less another's, over questions. */
function above(kinds: readonly KindValues[], more: KindId, less: KindId): Test {
  const ours = estimate(gap(kinds, more, less));
  return { ours, show, unit: '', direction: 1, border: 0, over: 'questions' };
}

const ORDERS = {
  redundant: ['right and concise above right and redundant', 'concise', 'redundant'],
  wrong: ['partly right above wrong', 'partly', 'wrong'],
  partly: ['right above partly right', 'concise', 'partly'],
  copied: ['right above the copied question', 'concise', 'copied'],
} as const satisfies Record<string, readonly [string, KindId, KindId]>;

/** What R_SA puts above what; undefined where it was not asked. */
export function kindTests(probe: unknown): Record<keyof typeof ORDERS, Test> | undefined {
  if (!probe) return undefined;
  const { kinds } = probe as RawKinds;
  const of = (id: keyof typeof ORDERS) => above(kinds, ORDERS[id][1], ORDERS[id][2]);
  return {
    redundant: of('redundant'),
    wrong: of('wrong'),
    partly: of('partly'),
    copied: of('copied'),
  };
}

/** The report's part about kinds of answers; nothing where they were not asked. */
export function kindsSection(probe: unknown): Block[] {
  if (!probe) return [];
  const { kinds, policy } = probe as RawKinds;
  const agree = Object.values(ORDERS).flatMap(([words, more, less]) => {
    const gaps = gap(kinds, more, less);
    const share = (100 * gaps.filter((x) => x > 0).length) / gaps.length;
    return gaps.length === 0 ? [] : [`${words}: ${share.toFixed(0)} %`];
  });
  const rows = kinds.map(({ label, sar, confidence }) => [
    label,
    `${known(sar).length}`,
    withInterval(estimate(known(sar)), (value) => signed(value, 3)),
    withInterval(estimate(known(confidence)), (value) => signed(value, 2)),
  ]);
  return [
    subheading('Kinds of answers'),
    text(
      `Before any training, ${policy} reads answers that the task’s expert wrote to held-out questions. Intervals of this section are over questions, not over seeds.`,
    ),
    table(['Kind of answer', 'Questions', 'R_SA', 'Confidence, nats'], rows),
    text(`Share of the questions in which R_SA puts ${agree.join('; ')}.`),
  ];
}
