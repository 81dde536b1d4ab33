/** What each pass of an update found, heard at the loss: it is shown every pass's log-probs anyway, so listening costs no computation. */
import type { Loss } from '../learn/learn.ts';

export interface Heard {
  /** The same loss. */
  readonly loss: Loss;
  /** The log-probs of a completion's tokens, pass by pass, as its update began. The completion is known by its list of tokens. */
  readonly passesOf: (completion: readonly number[]) => readonly Float32Array[];
}

export function listening(loss: Loss): Heard {
  const heard = new Map<readonly number[], Float32Array[]>();
  return {
    loss: (update) => {
      const gradientOf = loss(update);
      return (part) => {
        part.examples.forEach(({ completion }, i) => {
          const { start, length } = part.spans[i];
          const own = Float32Array.from({ length }, (_, t) => part.logp[start + t]);
          heard.set(completion, [...(heard.get(completion) ?? []), own]);
        });
        return gradientOf(part);
      };
    },
    passesOf: (completion) => heard.get(completion) ?? [],
  };
}
