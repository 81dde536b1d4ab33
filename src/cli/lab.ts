/** From the arguments of a command line to its outcome. The process around it (streams, signals, exit) is main.ts. */
import { BUILD } from '../build.ts';
import { badConfig, type ErrorReport, toReport } from '../errors.ts';
import type { Command, LabIo, Outcome } from './command.ts';
import { bundle } from './commands/bundle.ts';
import { check } from './commands/check.ts';
import { evalCommand } from './commands/eval.ts';
import { exportOnnxCommand } from './commands/export-onnx.ts';
import { findError } from './commands/find-error.ts';
import { generate } from './commands/generate.ts';
import { grad } from './commands/grad.ts';
import { judge } from './commands/judge.ts';
import { loss } from './commands/loss.ts';
import { pretrain } from './commands/pretrain.ts';
import { rerank } from './commands/rerank.ts';
import { reward } from './commands/reward.ts';
import { score } from './commands/score.ts';
import { sweep } from './commands/sweep.ts';
import { train } from './commands/train.ts';
import { verify } from './commands/verify.ts';
import { describeOptions, readOptions } from './options.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  train,
  sweep,
  bundle,
  verify,
  eval: evalCommand,
  generate,
  reward,
  score,
  grad,
  loss,
  judge,
  rerank,
  'find-error': findError,
  pretrain,
  check,
  'export-onnx': exportOnnxCommand,
};

/** Kinds of failure caused by bad input: exit status 2. */
const BAD_INPUT: readonly string[] = ['BadConfig', 'BadFile'];

/** An outcome, and text for people to print before its last line. */
export interface LabOutcome extends Outcome {
  readonly text?: string;
}

/** Runs one command line. Never throws: a failure is an outcome with `{"error": ...}` and a sentence in the log. */
export async function runLab(args: readonly string[], io: LabIo): Promise<LabOutcome> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const report = forCommandLine(toReport(error));
    if (report.detail && !BAD_INPUT.includes(report.kind)) io.log(report.detail);
    io.log(sentence(report));
    const { kind, field, message, remedy } = report;
    return {
      result: { error: { kind, ...(field !== undefined && { field }), message, remedy } },
      status: BAD_INPUT.includes(kind) ? 2 : kind === 'Cancelled' ? 130 : 1,
    };
  }
}

async function dispatch(args: readonly string[], io: LabIo): Promise<LabOutcome> {
  const [name, ...rest] = args;
  if (name === '--version') return { result: { version: BUILD } };
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    return help(name === undefined ? [] : rest);
  }
  const command = commandOf(name);
  if (rest.includes('--help') || rest.includes('-h')) return help([name]);
  return command.run(readOptions(command.options, rest, command.argument), io);
}

function commandOf(name: string): Command {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name];
  throw badConfig(
    'command',
    `There is no command ${JSON.stringify(name.slice(0, 40))}; commands are ${Object.keys(COMMANDS).join(', ')}`,
    'Nothing was done. `npm run -s lab -- help` explains them.',
  );
}

/** The help text of a command, or the list of all commands. */
function help([name]: readonly string[]): LabOutcome {
  if (name === undefined) {
    const lines = Object.entries(COMMANDS).map(
      ([key, { summary }]) => `  ${key.padEnd(12)} ${summary}`,
    );
    const text = [
      'npm run -s lab -- COMMAND [options]',
      '',
      ...lines,
      '',
      'help COMMAND lists its options. The result is JSON, the last line of standard output.',
    ].join('\n');
    return { text, result: { commands: Object.keys(COMMANDS) } };
  }
  const { summary, details, options, argument } = commandOf(name);
  const text = [
    `npm run -s lab -- ${name} [options]`,
    '',
    summary,
    ...details,
    '',
    ...describeOptions(options, argument),
  ].join('\n');
  return {
    text,
    result: { command: name, options: Object.keys(options).map((key) => `--${key}`) },
  };
}

/** The usual remedy for an unforeseen error is meant for the page; here there is nothing to reload. */
function forCommandLine(report: ErrorReport): ErrorReport {
  if (report.kind !== 'Internal') return report;
  return { ...report, remedy: 'This should not happen: please report it, with the lines above.' };
}

/** The failure as one line that names the field. */
function sentence({ field, message, remedy }: ErrorReport): string {
  const named = field === undefined || message.includes(field) ? message : `${field}: ${message}`;
  return `${named}. ${remedy}`;
}
