/** Every alert of a run, by one function: what goes wrong with training, with what judges it, and with receivers. */
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { type Alert, type AlertKind, alertsFrom } from './alert.ts';
import { CRITIC_ALERTS, criticAlerts } from './critic-alerts.ts';
import { DISCRIMINATOR_ALERTS, discriminatorAlerts } from './discriminator-alerts.ts';
import { EMPTY_ANSWERS, saysNothing } from './empty-answers.ts';
import { STUCK, stuckAlerts } from './stuck-receivers.ts';
import { TRAINING_ALERTS, trainingAlerts } from './training-alerts.ts';

/** All kinds, in the order in which they are told. */
export const ALERTS: Readonly<Record<string, AlertKind>> = {
  ...TRAINING_ALERTS,
  ...STUCK,
  ...EMPTY_ANSWERS,
  ...CRITIC_ALERTS,
  ...DISCRIMINATOR_ALERTS,
};

const NONE: readonly Alert[] = [];

/** @param before those of the step before: the same list where nothing has changed, so that nothing is drawn again */
export function alertsOf(
  rows: readonly MetricsRow[],
  experiment: Pick<Experiment, 'method'>,
  before: readonly Alert[] = NONE,
): readonly Alert[] {
  const now = [
    ...trainingAlerts(rows, experiment),
    ...stuckAlerts(rows),
    ...alertsFrom(EMPTY_ANSWERS, { 'empty-answers': saysNothing(rows) }),
    ...criticAlerts(rows, experiment.method),
    ...discriminatorAlerts(rows, experiment.method),
  ];
  const same =
    now.length === before.length && now.every(({ title }, i) => title === before[i].title);
  return same ? before : now;
}
