/**
 * `npm run -s lab -- COMMAND`: the lab without a page. The result is one line of JSON, the last line of standard output; logs go
 * to standard error. Exit status: 0 done, 2 bad input (the field is named), 1 any other failure, 130 interrupted.
 */
import { fileURLToPath } from 'node:url';
import type { LabIo } from './command.ts';
import { runLab } from './lab.ts';

/** Milliseconds between checks that the parent process still runs. */
const PARENT_CHECK = 1000;

const stop = new AbortController();
let asked = 0;
function end(why: string): void {
  asked += 1;
  if (asked > 1) process.exit(130);
  process.stderr.write(`lab: ${why}stopping after this step; once more to stop at once\n`);
  stop.abort();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(''));

// npm starts scripts through a shell that does not pass signals on. Without this check, ending npm would leave this process running.
if (process.env.npm_lifecycle_event === 'lab') {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end('npm was ended: ');
  }, PARENT_CHECK);
  watch.unref();
}

// A reader that closes the pipe early (`| head`) is not a failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
}

const io: LabIo = {
  cwd: process.cwd(),
  root: process.env.BATON_ROOT ?? fileURLToPath(new URL('../..', import.meta.url)),
  main: fileURLToPath(import.meta.url),
  log: (line) => process.stderr.write(`lab: ${line}\n`),
  clock: () => performance.now(),
  interrupted: stop.signal,
};

const { result, status = 0, text } = await runLab(process.argv.slice(2), io);
const last = `${text ? `${text}\n` : ''}${JSON.stringify(result)}\n`;
// Exit once everything is written, and explicitly: Dawn's threads would keep the process alive.
process.stdout.write(last, () => process.exit(status));
