/** Expert answers to questions of hops: `a>c,c>f;f`, one step a hop, with mistakes where they are asked for. */
import type { RandomStream } from '../random.ts';
import { follower, type HopsData, pathOf } from './hops-base.ts';
import type { Misconception, TraceOptions } from './task.ts';

export const HOPS_MISCONCEPTIONS: readonly Misconception[] = [
  { id: 'backwards', said: 'reads a fact backwards, as in b>a where a>b is told' },
];

/** Takes numbers from the stream only where mistakes are asked for. */
export function hopsTrace(data: HopsData, random: RandomStream, options: TraceOptions): string {
  const { facts, hops } = data;
  const { slips = 0, misconceptions: { backwards = 0 } = {} } = options;
  const happens = (chance: number) => chance > 0 && random.uniform() < chance;
  const steps: string[] = [];
  let at = data.start;
  for (let left = hops - 1; left >= 0; left--) {
    /** Letters from which the remaining hops can be gone. */
    const goesOn = (start: string) => pathOf({ facts, start, hops: left }).length > left;
    let to = follower(facts, at) ?? at;
    if (happens(backwards)) {
      to = facts.find(([from, end]) => end === at && goesOn(from))?.[0] ?? to;
    }
    if (happens(slips)) {
      const right = to;
      const others = facts.map(([from]) => from).filter((one) => one !== right && goesOn(one));
      if (others.length > 0) to = random.pick(others);
    }
    steps.push(`${at}>${to}`);
    at = to;
  }
  return `${steps.join(',')};${at}`;
}
