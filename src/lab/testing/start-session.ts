/** For tests: a session in Node on the software adapter, a small experiment, and the events that the session posted. */
import { readFile } from 'node:fs/promises';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import type { Receiver } from '../../model/receiver.ts';
import { type Experiment, parseExperiment } from '../../rl/experiment/schema.ts';
import type { LabEvent, RunGroup } from '../protocol.ts';
import { Session } from '../session.ts';

const MODELS = new URL('../../../public/models/', import.meta.url);
const opened: Gpu[] = [];

/** Destroys every device that the sessions opened. */
export function closeDevices(): void {
  for (const gpu of opened) gpu.destroy();
}

/** Destroys the newest device, as a driver crash would. */
export function loseDevice(): void {
  opened.at(-1)?.device.destroy();
}

/** Fourteen steps of two questions with two answers each. */
export function experiment(more: Record<string, unknown> = {}): Experiment {
  const parsed = parseExperiment({
    seed: 5,
    steps: 14,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      num_generations: 2,
      prompts_per_step: 2,
      max_completion_length: 24,
      learning_rate: 1e-3,
    },
    evaluation: { every: 0 },
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  return parsed.experiment;
}

/** A group of one run; both have this id. */
export function alone(id: string, run: Experiment): RunGroup {
  return { groupId: id, runs: [{ id, experiment: run }] };
}

/** A group of runs with the ids `ID/0`, `ID/1` and so on. */
export function groupOf(groupId: string, runs: readonly Experiment[]): RunGroup {
  return { groupId, runs: runs.map((run, i) => ({ id: `${groupId}/${i}`, experiment: run })) };
}

/** A session and the events that it posted; `until` waits for an event, past or future. */
export function start(
  options: {
    lock?: () => Promise<(() => void) | null>;
    noGpu?: boolean;
    tune?: () => Promise<void>;
    openReceiver?: (id: string) => Promise<Receiver>;
    /** Asked before every device; where it says so, there is none. */
    refused?: () => boolean;
  } = {},
) {
  const events: LabEvent[] = [];
  const waiting: (() => void)[] = [];
  let released = 0;
  const session = new Session({
    post: (event) => {
      events.push(event);
      for (const wake of waiting.splice(0)) wake();
    },
    openGpu: async () => {
      const gpu = await Gpu.open(options.noGpu || options.refused?.() ? undefined : nodeGpu(), {
        clock: () => performance.now(),
      });
      opened.push(gpu);
      return gpu;
    },
    reader: (policy) => async (file) => {
      try {
        return new Uint8Array(await readFile(new URL(`${policy}/${file}`, MODELS)));
      } catch {
        return null;
      }
    },
    lock:
      options.lock ??
      (async () => () => {
        released += 1;
      }),
    ...(options.tune && { tune: options.tune }),
    ...(options.openReceiver && { openReceiver: options.openReceiver }),
    clock: () => performance.now(),
    version: 'test',
  });
  const until = async <T extends LabEvent>(
    is: (event: LabEvent) => event is T,
    from = 0,
  ): Promise<T> => {
    for (;;) {
      const found = events.slice(from).find(is);
      if (found) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  const state = (groupId: string, wanted: string, from = 0) =>
    until(
      (e): e is Extract<LabEvent, { type: 'state' }> =>
        e.type === 'state' && e.groupId === groupId && e.state === wanted,
      from,
    );
  const rows = (runId: string) =>
    events.flatMap((e) => (e.type === 'step' && e.runId === runId ? [e.metrics] : []));
  const hash = (runId: string) =>
    events.flatMap((e) => (e.type === 'step' && e.runId === runId ? [e.hash] : [])).at(-1);
  return { session, events, until, state, rows, hash, releases: () => released };
}

/** Whether an event tells that a run failed. */
export const failed = (e: LabEvent): e is Extract<LabEvent, { type: 'failed' }> =>
  e.type === 'failed';
