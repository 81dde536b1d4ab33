/** RARO where nobody could write a verifier: two lines that rhyme, from an expert's couplets alone. */
import { percent, pointsOf } from '../lib/format.ts';
import type { RawEvaluation } from '../lib/raw.ts';
import { evaluated } from '../lib/results.ts';
import { curves, effects, evaluatedColumn } from '../lib/sections.ts';
import { seedTable } from '../lib/seed-table.ts';
import type { StudyPart } from '../lib/study.ts';
import { criticAccuracy, RARO, SFT } from './numbers.ts';
import { asOnChains, fromAnswers } from './rivals.ts';
import { afterTraining, againstRaro, game } from './sections.ts';
import { base, FEW, METRICS } from './setting.ts';

/** How often an evaluation's answers beat the expert's, ties counted as half. */
export const wins = ({ hidden }: RawEvaluation) => hidden?.win_rate;
const passed = (what: string) => (e: RawEvaluation) => e.hidden?.passed[what];

/** The same after training. */
export const winRate = evaluated('test', wins);

const LENGTH = { max_completion_length: 80 } as const;
/** A couplet has some fifty characters, and the lines' last words some ten. */
const SHOWN = { max_critic_length: 40, max_answer_length: 64 } as const;

const [sft, ...others] = asOnChains(fromAnswers(SHOWN.max_answer_length));

export const couplet: StudyPart = {
  id: 'couplet',
  title: 'Couplets',
  question:
    'Two rhyming lines on a topic. The expert’s couplets rhyme, keep the metre and name the topic; four in ten of the policy’s do not rhyme. A judge that training never sees asks for rhyme, metre, topic and no repetition, and compares with the expert’s couplet; a tie counts as half, so a policy that is as good as the expert wins half of the time. There is no verifier, so there is no RLVR. The arms without a critic have the learning rates that the search on chains chose.',
  base: {
    ...base,
    task: { id: 'couplet' },
    policy: 'policies/couplet-critic',
    method: { ...base.method, ...LENGTH, ...SHOWN },
    steps: 60,
    evaluation: { every: 20, prompts: 24, samples: 4 },
  },
  arms: [
    { id: RARO, label: 'RARO', change: {} },
    sft,
    ...others,
    {
      id: 'blind',
      label: 'RARO, critic without reasoning',
      change: { method: { critic_reasoning: false } },
    },
  ],
  seeds: FEW,
  metrics: [...METRICS, 'eval/win_rate', 'eval/hidden/*'],
  evaluation: { splits: ['test'], prompts: 24, samples: 16 },
  report: (results) => [
    ...curves(
      results,
      {
        name: 'training',
        title: 'Wins against the expert over training',
        caption: 'Mean over seeds; bands are 95 % intervals. The judge is watched only.',
      },
      [RARO, SFT, 'rationalization', 'probability', 'blind'],
      [{ title: 'Held-out win rate', unit: '%', times: 100, metric: 'eval/win_rate', window: 1 }],
    ),
    ...game(results, [RARO, 'blind']),
    ...afterTraining(results, [
      evaluatedColumn('Wins, %', 'test', wins, percent),
      ...['rhyme', 'metre', 'topic', 'fresh'].map((what) =>
        evaluatedColumn(`${what}, %`, 'test', passed(what), percent),
      ),
    ]),
    ...againstRaro(results, [{ head: 'Win rate, points', measure: winRate, show: pointsOf }]),
    ...effects(results, {
      name: 'rivals',
      title: 'Win rate after training, less RARO’s',
      axis: 'points',
      caption: 'Held-out topics; 95 % intervals over seeds, paired.',
      base: RARO,
      measure: winRate,
    }),
    ...seedTable(
      results,
      [RARO, SFT],
      [
        { head: 'wins, %', measure: winRate, show: percent },
        { head: 'critic right, %', measure: criticAccuracy, show: percent },
      ],
    ),
  ],
};
