/** What the self-aligned reward says of answers that an expert wrote: right and short, right and long, partly right, wrong. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperiment } from '../../../src/rl/experiment/schema.ts';
import { answerKinds, type KindId } from '../../../src/rl/tasks/answer-kinds.ts';
import { createTask } from '../../../src/rl/tasks/index.ts';
import type { Claim } from '../../lib/claims.ts';
import { SEED } from '../../lib/evaluate.ts';
import { signed, withInterval } from '../../lib/format.ts';
import { callLab, complaint } from '../../lib/lab.ts';
import { short } from '../../lib/raw.ts';
import { type Block, claimsTable, table, text } from '../../lib/report.ts';
import { estimate } from '../../lib/statistics.ts';
import type { Probe } from '../../lib/study.ts';
import { Stopped, StudyError } from '../../lib/study-error.ts';
import { policyHash } from '../../lib/workshop.ts';

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
  return Array.from({ length: QUESTIONS }, (_, question) => question).flatMap((question) => {
    const asked = task.question('test', question, SEED);
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
    const answer = await callLab({ lab, root, args, logFile, onLine: () => {}, stop });
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

function ordered(
  kinds: readonly KindValues[],
  words: string,
  more: KindId,
  less: KindId,
): Claim & { readonly gaps: readonly number[] } {
  const gaps = gap(kinds, more, less);
  return {
    text: words,
    paper: 'above',
    ours: estimate(gaps),
    show,
    unit: '',
    direction: 1,
    border: 0,
    gaps,
  };
}

/** The report's part about kinds of answers; nothing where they were not asked. */
export function kindsSection(probe: unknown): Block[] {
  if (!probe) return [];
  const { kinds, policy } = probe as RawKinds;
  const claims = [
    ordered(kinds, 'Right and concise is above right and redundant', 'concise', 'redundant'),
    ordered(kinds, 'Partly right is above wrong', 'partly', 'wrong'),
    ordered(kinds, 'Right is above partly right', 'concise', 'partly'),
    ordered(kinds, 'Right is above the copied question', 'concise', 'copied'),
  ];
  const agree = claims.map(({ text: words, gaps }) => {
    const share = (100 * gaps.filter((x) => x > 0).length) / gaps.length;
    return `${words.toLowerCase()}: ${share.toFixed(0)} %`;
  });
  const rows = kinds.map(({ label, sar, confidence }) => [
    label,
    `${known(sar).length}`,
    withInterval(estimate(known(sar)), (value) => signed(value, 3)),
    withInterval(estimate(known(confidence)), (value) => signed(value, 2)),
  ]);
  return [
    text(
      `Before any training, ${policy} reads answers that the task's expert wrote to ${QUESTIONS} held-out questions. Intervals of this section are over questions, not over seeds. The third and fourth line are ours, to see whether R_SA knows what is right.`,
    ),
    table(['Kind of answer', 'Questions', 'R_SA', 'Confidence, nats'], rows),
    ...claimsTable(claims, 'Questions'),
    text(`Share of the questions in which the order is as said: ${agree.join('; ')}.`),
  ];
}
