/** What a command is, and its interface to the outside world. */
import { BatonError } from '../errors.ts';
import type { Options, OptionValues } from './options.ts';

/** A command's access to the outside world. It is passed in, so that tests can run commands in their own process. */
export interface LabIo {
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** The folder of the repository; bundled models are in its public/models. */
  readonly root: string;
  /** What Node runs to start the lab once more, in a process of its own. */
  readonly main: string;
  /** Logs one line for the user; it is never part of the result. */
  readonly log: (line: string) => void;
  /** Milliseconds since an arbitrary start; for pacing and timings. */
  readonly clock: () => number;
  /** Aborted when the user interrupts (Ctrl-C): long commands finish their step, save and return. */
  readonly interrupted: AbortSignal;
}

/** Ends work that cannot be saved half-done, if the user has interrupted. @throws BatonError Cancelled */
export function throwIfInterrupted(io: LabIo, remedy: string): void {
  if (!io.interrupted.aborted) return;
  throw new BatonError({ kind: 'Cancelled', message: 'Stopped as asked', remedy });
}

/** The result of a command: the last line of standard output. */
export interface Outcome {
  readonly result: Readonly<Record<string, unknown>>;
  /** Exit status; 0 if left out. */
  readonly status?: number;
}

export interface Command<O extends Options = Options> {
  readonly summary: string;
  /** More lines for the help text: what it reads and what it answers. */
  readonly details: readonly string[];
  readonly options: O;
  /** The option that may also be given without its name: `lab verify F` for `lab verify --bundle F`. */
  readonly argument?: keyof O & string;
  readonly run: (values: OptionValues<O>, io: LabIo) => Promise<Outcome>;
}

/** Declares a command, so that TypeScript infers the types of its options. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  // `run` only ever gets values that were read with these options.
  return command as unknown as Command;
}
