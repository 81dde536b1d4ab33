/** What a command is, and what it may use of the world around it. */
import { BatonError } from '../errors.ts';
import type { Options, OptionValues } from './options.ts';

/** The world of a command: passed in, so that tests run commands in this process. */
export interface LabIo {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Folder of the repository: bundled models are under its public/models. */
  readonly root: string;
  /** One line for the person who watches; never part of the result. */
  readonly log: (line: string) => void;
  /** Milliseconds from any start; for pacing and timings. */
  readonly clock: () => number;
  /** Aborted when the person wants an end (Ctrl-C): long commands finish their step, save and return. */
  readonly interrupted: AbortSignal;
}

/** Ends work that cannot be kept in part when the person wants an end. @throws BatonError Cancelled */
export function throwIfInterrupted(io: LabIo, remedy: string): void {
  if (!io.interrupted.aborted) return;
  throw new BatonError({ kind: 'Cancelled', message: 'Stopped as asked', remedy });
}

/** What a command leaves for the last line of standard output. */
export interface Outcome {
  readonly result: Readonly<Record<string, unknown>>;
  /** Exit status; 0 where it is left out. */
  readonly status?: number;
}

export interface Command<O extends Options = Options> {
  readonly summary: string;
  /** More lines for its help: what it reads and what it answers. */
  readonly details: readonly string[];
  readonly options: O;
  readonly run: (values: OptionValues<O>, io: LabIo) => Promise<Outcome>;
}

/** Declares a command; exists so that TypeScript infers the options' types. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  // The values given to `run` are always those read by its own options.
  return command as unknown as Command;
}
