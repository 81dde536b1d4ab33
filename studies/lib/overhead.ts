/** What a reward costs beside the rest of a step. */
import type { Measure } from './results.ts';

/** No part of what a step takes without the reward: the reward, and what it only measures (a phase since there is one). */
const NOT_REST = ['score', 'measure'];

/** Time of the rewards beside the rest of the step, within one run: what else the machine did bears on both. */
export const overhead: Measure = ({ timing: { phases } }) => {
  const rest = Object.entries(phases).reduce(
    (sum, [name, seconds]) => sum + (NOT_REST.includes(name) ? 0 : seconds),
    0,
  );
  return rest > 0 && phases.score !== undefined ? phases.score / rest : undefined;
};
