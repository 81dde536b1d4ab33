/**
 * CPU seconds of a browser's threads, read from Linux's /proc. A first step on a small machine is all processor, so what takes time is what
 * takes CPU.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of the times in /proc: fixed on every Linux that a browser runs on. */
const TICKS = 100;

/** What people would call a thread of a process of the given type; the rest is left together. */
function partOf(process, thread) {
  if (process === 'gpu-process') {
    if (/^Thread</.test(thread)) return 'kernels at work';
    if (thread.startsWith('ThreadPool')) return 'compiling kernels';
    if (thread === 'chromium' || thread === 'chrome') return 'allocating, and taking commands';
  }
  if (process === 'renderer') {
    if (thread.startsWith('DedicatedWorker')) return "the trainer's script";
    if (thread.startsWith('ThreadPool')) return 'compiling scripts, collecting garbage';
    if (thread === 'chromium' || thread === 'chrome')
      return 'pages: this one, and those of the browser itself';
  }
  return 'all else of the browser';
}

/** @returns by thread id, the part that it belongs to and its CPU seconds so far */
export function cpuSeconds() {
  const threads = new Map();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!/chrom/.test(command.split('\0')[0])) continue;
      const type = /--type=([\w-]+)/.exec(command)?.[1] ?? 'browser';
      for (const id of readdirSync(`/proc/${pid}/task`)) {
        const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8');
        const close = stat.lastIndexOf(')');
        const [user, system] = stat
          .slice(close + 2)
          .split(' ')
          .slice(11, 13)
          .map(Number);
        const name = stat.slice(stat.indexOf('(') + 1, close);
        threads.set(id, { part: partOf(type, name), seconds: (user + system) / TICKS });
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return threads;
}

/** CPU seconds by part between two readings. @returns {Map<string, number>} */
export function between(before, after) {
  const parts = new Map();
  for (const [id, { part, seconds }] of after) {
    const spent = seconds - (before.get(id)?.seconds ?? 0);
    parts.set(part, (parts.get(part) ?? 0) + spent);
  }
  return parts;
}
