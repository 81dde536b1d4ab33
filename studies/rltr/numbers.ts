/** Numbers that the new parts of the study share. */
import { overhead } from '../lib/overhead.ts';
import { evaluated, majAt, passAt, scratchOf, transferTo } from '../lib/results.ts';
import { PUBLIC, UNSEEN } from './setting.ts';

export const accuracy = evaluated('test', (e) => e.accuracy);
export const maj16 = evaluated('test', majAt(16));
export const pass16 = evaluated('test', passAt(16));
export const length = evaluated('test', (e) => e.mean_length);
/** Right finishes of held-out answers, by the receiver that trains and by one that never does. */
export const handed = evaluated('test', transferTo(PUBLIC));
export const handedUnseen = evaluated('test', transferTo(UNSEEN));
/** What the receiver that trains does on the same questions without any prefix. */
export const alone = evaluated('test', scratchOf(PUBLIC));
export const oodAccuracy = evaluated('ood', (e) => e.accuracy);
export const oodMaj16 = evaluated('ood', majAt(16));
export const cost = overhead;

/** Share of the held-out answers whose steps are in a dialect. */
export const shareOf = (dialect: string) =>
  evaluated('test', ({ dialects }) => dialects?.[dialect]?.share);
export const publicShare = shareOf('public');
