/** The trials of learning rates, and what they chose. */
import type { Part } from './design.ts';
import { percent } from './format.ts';
import { type Block, subheading, table, text } from './report.ts';
import type { Results } from './results.ts';
import { chosenRate, LAST, rateText, trialsOf, triedArms } from './tuning.ts';

/** @param part as it was designed, before its rates were chosen; nothing where no trial has been run */
export function tuningTable(part: Part, { runs }: Results): Block[] {
  const { tuning } = part;
  if (!tuning) return [];
  const rows = triedArms(part).map((arm) => ({ arm, trials: trialsOf(part, arm, runs) }));
  if (rows.every(({ trials }) => trials.every(({ accuracy }) => accuracy === undefined))) return [];
  return [
    subheading('Learning rates'),
    text(
      `${tuning.arms ? 'The arms below were' : 'Every arm was'} tried at the same rates first, with the same steps and with seed ${tuning.seed}, which no table counts. The rate whose trial ended most accurate is taken, the smaller of equals: the mean of its last ${LAST} evaluations during training, on other questions than those that decide a claim.`,
    ),
    table(
      ['Arm', ...tuning.learning_rates.map((rate) => `${rateText(rate)}: accuracy, %`), 'Chosen'],
      rows.map(({ arm, trials }) => {
        const rate = chosenRate(trials);
        return [
          arm.label,
          ...trials.map(({ accuracy }) => (accuracy === undefined ? '–' : percent(accuracy))),
          rate === undefined ? 'not yet' : `**${rateText(rate)}**`,
        ];
      }),
    ),
  ];
}
