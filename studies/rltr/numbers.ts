/** Numbers that the new parts of the study share. */
import { evaluated, majAt, passAt, transferTo } from '../lib/results.ts';
import { UNSEEN } from './setting.ts';

export const accuracy = evaluated('test', (e) => e.accuracy);
export const maj16 = evaluated('test', majAt(16));
export const pass16 = evaluated('test', passAt(16));
export const length = evaluated('test', (e) => e.mean_length);
/** Right finishes of held-out answers, by the receiver that never trains. */
export const handedUnseen = evaluated('test', transferTo(UNSEEN));
export const oodAccuracy = evaluated('ood', (e) => e.accuracy);
export const oodMaj16 = evaluated('ood', majAt(16));

/** Share of the held-out answers whose steps are in the public dialect. */
export const publicShare = evaluated('test', ({ dialects }) => dialects?.public?.share);
