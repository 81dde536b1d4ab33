/**
 * `npm run -s lab -- COMMAND`: the lab without a page. The result is one line of JSON, the last of standard output; all else
 * goes to standard error. Exit status: 0 done, 2 bad input (the field is named), 1 another failure, 130 interrupted.
 */
import { fileURLToPath } from 'node:url';
import type { LabIo } from './command.ts';
import { runLab } from './lab.ts';

/** Between looks at who started this process, milliseconds. */
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

// npm starts scripts through a shell that keeps signals to itself: ending npm would leave this process at work unseen.
if (process.env.npm_lifecycle_event === 'lab') {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end('npm was ended: ');
  }, PARENT_CHECK);
  watch.unref();
}

// A reader that has seen enough (`| head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
}

const io: LabIo = {
  cwd: process.cwd(),
  root: process.env.BATON_ROOT ?? fileURLToPath(new URL('../..', import.meta.url)),
  log: (line) => process.stderr.write(`lab: ${line}\n`),
  clock: () => performance.now(),
  interrupted: stop.signal,
};

const { result, status = 0, text } = await runLab(process.argv.slice(2), io);
const last = `${text ? `${text}\n` : ''}${JSON.stringify(result)}\n`;
// Exit only when all is written, and then at once: Dawn's threads would keep the process.
process.stdout.write(last, () => process.exit(status));
