/** The lab as a child process: one command, to its end. */
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

export interface Answer {
  readonly status: number;
  /** The JSON of the last line; null where there was none. */
  readonly result: Readonly<Record<string, unknown>> | null;
}

export interface LabCall {
  /** What Node runs: the built lab. */
  readonly main: string;
  readonly root: string;
  readonly args: readonly string[];
  /** Takes all that the lab says. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
  readonly stop: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs one command to its end. When `stop` fires the lab is asked once to end after its step; it does the same by itself when
 * this process is gone.
 */
export function callLab({
  main,
  root,
  args,
  logFile,
  onLine,
  stop,
  env,
}: LabCall): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
      cwd: root,
      // A group of its own: Ctrl-C reaches the lab once, through here, and not a second time from the terminal.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      // Named so, the lab watches whether who started it is still there.
      env: { ...process.env, ...env, BATON_ROOT: root, npm_lifecycle_event: 'lab' },
    });
    let out = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      appendFileSync(logFile, text);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    });
    const end = () => child.kill('SIGINT');
    stop.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code) => {
      stop.removeEventListener('abort', end);
      resolve({ status: code ?? 1, result: lastLine(out) });
    });
  });
}

function lastLine(out: string): Answer['result'] {
  const line = out.trimEnd().split('\n').at(-1);
  if (!line) return null;
  try {
    return JSON.parse(line) as Answer['result'];
  } catch {
    return null;
  }
}

/** Why the lab ended badly, in its own words. */
export function complaint({ status, result }: Answer): string {
  const error = result?.error as { message?: string; remedy?: string } | undefined;
  if (error?.message) return `${error.message}. ${error.remedy ?? ''}`.trim();
  return `the lab ended with status ${status} and said nothing more`;
}
