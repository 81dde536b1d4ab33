/** What to do about a run that may have been begun before. */

/** What stands beside a run's folder from the time it was begun. */
export interface Begun {
  /** Canonical text of the experiment without its steps. */
  readonly experiment: string;
  readonly build: string;
  /** SHA-256 of the policy's model.safetensors. */
  readonly policy_hash: string;
}

export interface RunState {
  /** Absent where the run was never begun. */
  readonly begun?: Begun;
  /** A checkpoint is there to go on from. */
  readonly checkpoint: boolean;
  /** Steps of the finished run; absent where it is not finished. */
  readonly finished?: number;
  /** Its raw data from another machine or another day, where they are of the same experiment. */
  readonly kept?: { readonly steps: number; readonly policy_hash: string };
}

export type Decision =
  /** `kept`: the run's own folder is gone, its raw data are enough. */
  | { readonly do: 'start' | 'resume' | 'skip' | 'kept' }
  /** The old run has to go first. */
  | { readonly do: 'redo'; readonly because: string };

/** Compares what was asked for with what is there. Never throws anything away by itself: `redo` is the caller's to allow. */
export function decide(asked: Begun & { readonly steps: number }, state: RunState): Decision {
  const { begun, checkpoint, finished, kept } = state;
  if (!begun) {
    const same = kept?.steps === asked.steps && kept.policy_hash === asked.policy_hash;
    return { do: same ? 'kept' : 'start' };
  }
  if (begun.experiment !== asked.experiment) {
    return { do: 'redo', because: 'its experiment was another one' };
  }
  if (begun.build !== asked.build) {
    return { do: 'redo', because: `it is of build ${begun.build}, this is ${asked.build}` };
  }
  if (begun.policy_hash !== asked.policy_hash) {
    return { do: 'redo', because: 'the policy it began from has changed since' };
  }
  if (finished === undefined) return { do: checkpoint ? 'resume' : 'start' };
  if (finished === asked.steps) return { do: 'skip' };
  if (finished < asked.steps) return { do: 'resume' };
  return { do: 'redo', because: `it has ${finished} steps, and ${asked.steps} are asked for` };
}
