/** RARO on Countdown, where many answers to a question are right and an expert has only one of them. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Tuning } from '../lib/design.ts';
import type { StudyPart } from '../lib/study.ts';
import { tuningTable } from '../lib/tuning-table.ts';
import { RARO, RLVR, SFT } from './numbers.ts';
import { asOnChains, fromAnswers, verified } from './rivals.ts';
import { watchedReport } from './sections.ts';
import { base, EVALUATION, FEW, METRICS } from './setting.ts';

/** What differs between the forms. */
interface Form extends Pick<StudyPart, 'id' | 'title' | 'question'> {
  readonly task: NonNullable<Differences['task']>;
  readonly policy: string;
  readonly steps: number;
  /** Most tokens of an answer with its reasoning, of an expression alone, and of a verdict. */
  readonly completion: number;
  readonly answer: number;
  readonly verdict: number;
  /** Where the rate that chains chose for RLVR is not good: others are tried. */
  readonly tuning?: Tuning;
}

function countdown({ task, policy, steps, completion, answer, verdict, ...form }: Form): StudyPart {
  const [sft, ...others] = asOnChains(fromAnswers(answer));
  const part: StudyPart = {
    ...form,
    base: {
      ...{ ...base, task, policy, steps },
      method: {
        ...base.method,
        max_completion_length: completion,
        max_critic_length: verdict,
        max_answer_length: answer,
      },
    },
    arms: [{ id: RARO, label: 'RARO', change: {} }, ...asOnChains([verified]), sft, ...others],
    seeds: FEW,
    metrics: METRICS,
    evaluation: { ...EVALUATION, tournament: { answers: 16, verdict } },
    report: (results) => [
      ...tuningTable(part, results),
      ...watchedReport(results, {
        drawn: [RARO, RLVR, SFT, 'logit', 'rationalization'],
        ...{ critics: [RARO], players: [RARO], told: [RARO, RLVR, SFT] },
      }),
    ],
  };
  return part;
}

const GAME =
  'The expert has one expression that reaches the target; the policy may find another that is as right, and only a critic that works both out can know. RLVR alone has the verifier. The arms without a critic have the learning rates that the search on chains chose.';

export const countdownSmall = countdown({
  id: 'countdown',
  title: 'Countdown, the small form',
  question: `Three numbers and a target. ${GAME}`,
  task: { id: 'countdown', form: 'small' },
  policy: 'policies/countdown-critic',
  steps: 60,
  completion: 64,
  answer: 16,
  verdict: 64,
});

export const countdownClassic = countdown({
  id: 'countdown-classic',
  title: 'Countdown, the classic form',
  question: `Four numbers of 1 to 13 to make 24, as in the paper. ${GAME} For RLVR four rates were tried here.`,
  task: { id: 'countdown', form: 'classic' },
  policy: 'policies/countdown-classic',
  steps: 40,
  completion: 80,
  answer: 24,
  verdict: 96,
  tuning: { learning_rates: [5e-5, 1e-4, 2e-4, 4e-4], seed: 11, arms: [RLVR] },
});
