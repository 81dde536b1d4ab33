/** The lab as a child process, from one build that a study keeps for all its runs. */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A built lab. */
export interface LabBuild {
  /** main.mjs. */
  readonly path: string;
  /** Its version, such as `0.1.0+3fa1b2c4d5e6`. */
  readonly build: string;
}

/**
 * The build that a study keeps beside its runs, so that sources that change meanwhile do not mix two builds in one table. Taken
 * from `current` where no run was begun yet, or where `renew` asks for it.
 */
export function pinnedLab(folder: string, current: LabBuild, renew: boolean): LabBuild {
  const path = join(folder, 'lab', 'main.mjs');
  const note = join(folder, 'lab', 'build.txt');
  const begun = existsSync(folder) && readdirSync(folder).some((f) => f.endsWith('.begun.json'));
  if (renew || !begun || !existsSync(note)) {
    mkdirSync(join(folder, 'lab'), { recursive: true });
    copyFileSync(current.path, path);
    writeFileSync(note, current.build);
  }
  return { path, build: readFileSync(note, 'utf8') };
}

export interface Answer {
  readonly status: number;
  /** The JSON of the last line; null where there was none. */
  readonly result: Readonly<Record<string, unknown>> | null;
}

export interface LabCall {
  readonly lab: LabBuild;
  readonly root: string;
  readonly args: readonly string[];
  /** Takes all that the lab says. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs one command to its end. When `stop` fires the lab is asked once to end after its step; it does the same by itself when
 * this process is gone.
 */
export function callLab({ lab, root, args, logFile, onLine, stop }: LabCall): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', lab.path, ...args], {
      cwd: root,
      // A group of its own: Ctrl-C reaches the lab once, through here, and not a second time from the terminal.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      // Named so, the lab watches whether who started it is still there.
      env: { ...process.env, BATON_ROOT: root, npm_lifecycle_event: 'lab' },
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
