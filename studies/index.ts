/** All studies. A new one is one file and one line here. */

import { airl } from './airl.ts';
import type { Study } from './lib/study.ts';
import { raro } from './raro.ts';
import { rltr } from './rltr.ts';
import { sar } from './sar.ts';
import { smoke } from './smoke.ts';

export const STUDIES: readonly Study[] = [rltr, sar, raro, airl, smoke];
