/**
 * Tests and screenshots only: a trainer that trains nothing. It keeps the protocol to the letter and gives the same invented rows
 * for the same seed, so that the page can be tested without a GPU. No file of the shipped page imports it.
 */
import type { GroupRun, LabCommand, LabEvent, LabState, RunGroup } from '../../lab/protocol.ts';
import { payoffsOf } from '../../rl/critic/payoffs.ts';
import { methodOf } from '../../rl/methods/index.ts';
import type { MemoryPlan, SampleGroup } from '../../rl/records.ts';
import type { WorkerLike } from '../lab-client.ts';
import { syntheticCriticRow, syntheticPairs } from './synthetic-critic.ts';
import { syntheticEvaluation } from './synthetic-evaluation.ts';
import { syntheticGroups, syntheticRow } from './synthetic-run.ts';

export interface FakeLabOptions {
  /** Milliseconds between steps; 0 leaves every step to `tick`. */
  readonly stepMs?: number;
  /** Answers `open` with no GPU. */
  readonly noGpu?: boolean;
  readonly software?: boolean;
  /** Fails at this step, as a run whose loss is no number. */
  readonly failAt?: number;
  /** From this step on no group has a signal. */
  readonly silentFrom?: number;
  /** Receivers finish answers, which from this step on are almost empty and wrong. */
  readonly emptyFrom?: number;
  /** A critic, where the method has one, says nothing but ties from this step on. */
  readonly tiesFrom?: number;
  /** The second run of a group fails at this step. */
  readonly secondFailsAt?: number;
}

/** All its runs do as many steps as the first. */
interface Group {
  readonly id: string;
  readonly runs: readonly GroupRun[];
  step: number;
  going: boolean;
  single: boolean;
}

const MIB = 2 ** 20;
const MEMORY: MemoryPlan = {
  ...{ budget: 2048 * MIB, total: 48 * MIB, micro_batches: 2 },
  bytes: {
    ...{ weights: 3 * MIB, optimizer: 18 * MIB, reference: 0, activations: 16 * MIB },
    ...{ caches: 8 * MIB, answers: 0, learners: 0, receivers: 0, readback: 3 * MIB },
  },
};

export class FakeLab implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  /** Every command received, for assertions. */
  readonly commands: LabCommand[] = [];
  terminated = false;
  readonly #options: FakeLabOptions;
  #group: Group | null = null;
  #pendingSet: Extract<LabCommand, { type: 'set' }>[] = [];
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(options: FakeLabOptions = {}) {
    this.#options = options;
    if (options.stepMs) this.#timer = setInterval(() => this.tick(), options.stepMs);
  }

  postMessage(command: LabCommand): void {
    this.commands.push(command);
    // As in a worker, the answer never comes before the caller's task has ended.
    queueMicrotask(() => this.#obey(command));
  }

  terminate(): void {
    this.terminated = true;
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Sends an event as the worker would. */
  emit(event: LabEvent): void {
    if (!this.terminated) this.onmessage?.({ data: event } as MessageEvent<LabEvent>);
  }

  /** Does one step of every run, where they are going. */
  tick(): void {
    const group = this.#group;
    if (!group?.going) return;
    for (const { runId, path, value } of this.#pendingSet.splice(0)) {
      this.emit({ type: 'changed', runId, step: group.step + 1, path, value });
    }
    group.step += 1;
    const failing = [this.#options.failAt, this.#options.secondFailsAt];
    for (const [i, run] of group.runs.entries()) {
      if (group.step === failing[i]) {
        this.#fail(group, run.id);
        return;
      }
      this.#tell(group.step, run, 1.2 / (1 + i / 2));
    }
    if (group.step >= group.runs[0].experiment.steps) this.#end(group, 'finished');
    else if (group.single) this.#end(group, 'paused');
  }

  #tell(step: number, { id: runId, experiment }: GroupRun, quality: number): void {
    const [row, timings] = syntheticRow(step, experiment.seed, quality);
    const silent = step >= (this.#options.silentFrom ?? Number.POSITIVE_INFINITY);
    const compares = payoffsOf(experiment.method) !== null;
    const others = experiment.rewards.map(({ term }) => term).filter((term) => !(term in PARTS));
    this.emit({
      type: 'step',
      runId,
      metrics: {
        ...row,
        ...Object.fromEntries(others.map((term, i) => [`rewards/${term}/mean`, (i + 1) / 10])),
        ...(silent && { frac_reward_zero_std: 1 }),
        ...(compares && {
          ...syntheticCriticRow(step, experiment.seed),
          'critic/pairs': methodOf(experiment.method).completions,
        }),
        ...(this.#options.tiesFrom !== undefined &&
          step >= this.#options.tiesFrom && { 'critic/tie_rate': 1 }),
        ...this.#finished(step),
        step,
      },
      timings: { ...timings, step },
      samples: [...ownSamples(step, others), ...(compares ? syntheticPairs(step) : [])],
      gpuBytes: 222_298_112,
      hash: hashOf(experiment.seed + quality, step),
    });
  }

  #finished(step: number): Readonly<Record<string, number>> {
    const { emptyFrom } = this.#options;
    if (emptyFrom === undefined) return {};
    const empty = step >= emptyFrom;
    return {
      'rewards/transfer/mean': empty ? 0.95 : 0.7,
      'completions/mean_length': empty ? 2 : 45,
      accuracy: empty ? 0 : 0.3,
    };
  }

  #obey(command: LabCommand): void {
    if (command.type === 'open') {
      this.#open();
      return;
    }
    if (command.type === 'warm-up') return;
    if (command.type === 'plan') {
      this.emit({ type: 'planned', memory: MEMORY, error: null });
      return;
    }
    if (command.type === 'estimate') {
      const planned = command.experiments.map(() => ({ memory: MEMORY, error: null }));
      this.emit({ type: 'estimated', id: command.id, planned });
      return;
    }
    if (command.type === 'bring') {
      this.emit({ type: 'brought', id: command.id, error: null });
      return;
    }
    if (command.type === 'kernels') {
      this.emit({ type: 'kernels', kernels: command.kernels });
      return;
    }
    if (
      command.type === 'run' ||
      ((command.type === 'step' || command.type === 'phase') && this.#of(command) === null)
    ) {
      this.#start(command, command.type !== 'run');
      return;
    }
    if (command.type === 'restore') {
      // It has nothing stored: what comes back, or why nothing does, is left to the test.
      const { groupId: id, runs } = command;
      this.#group = { id, runs, step: 0, going: false, single: false };
      this.#state(this.#group, 'preparing');
      return;
    }
    const group = this.#of(command);
    if (group === null) return;
    switch (command.type) {
      case 'pause':
        if (group.going) this.#end(group, 'paused');
        return;
      case 'resume':
      case 'step':
      case 'phase':
        group.going = true;
        group.single = command.type !== 'resume';
        this.#state(group, 'running');
        return;
      case 'stop':
        this.#group = null;
        return;
      case 'set':
        this.#pendingSet.push(command);
        return;
      case 'evaluate':
        this.#evaluate(group, command);
        return;
      case 'cancel-evaluation':
      case 'keep':
        return;
      case 'export-model':
        this.emit({ type: 'model', runId: command.runId, bytes: new ArrayBuffer(8) });
    }
  }

  /** The group that a command is for, where that is the present one. */
  #of(command: { readonly groupId: string } | { readonly runId: string }): Group | null {
    const group = this.#group;
    const meant =
      'groupId' in command
        ? group?.id === command.groupId
        : group?.runs.some(({ id }) => id === command.runId);
    return meant ? group : null;
  }

  #evaluate(group: Group, { runId, id, order }: Extract<LabCommand, { type: 'evaluate' }>): void {
    const total = order.prompts * order.samples;
    const skill = order.policy === 'before' ? 0.34 : 0.34 + Math.min(0.25, group.step / 200);
    this.emit({ type: 'evaluating', runId, id, done: total / 2, total });
    const evaluation = syntheticEvaluation(order, skill);
    this.emit({ type: 'evaluated', runId, id, order, step: group.step, evaluation });
  }

  #open(): void {
    if (this.#options.noGpu) {
      this.emit({
        type: 'no-gpu',
        error: {
          kind: 'NoWebGpu',
          message: 'No adapter was given',
          remedy: 'Training needs a browser with WebGPU switched on.',
        },
      });
      return;
    }
    const software = this.#options.software ?? false;
    this.emit({
      type: 'opened',
      version: '0.1.0+test',
      adapter: {
        name: software ? 'google swiftshader' : 'apple metal-3',
        software,
        profile: software ? 'scalar' : 'lanes',
        features: ['timestamp-query', 'subgroups'],
        limits: {
          maxStorageBufferBindingSize: 134_217_728,
          maxComputeInvocationsPerWorkgroup: 256,
        },
      },
    });
  }

  #start({ groupId: id, runs }: RunGroup, single: boolean): void {
    const group: Group = { id, runs, step: 0, going: true, single };
    this.#group = group;
    this.#pendingSet = [];
    this.#state(group, 'preparing');
    this.emit({
      type: 'progress',
      runId: runs[0].id,
      progress: { what: 'pipelines', label: 'Compiling kernels', done: 11, total: 18 },
    });
    this.#state(group, 'running');
  }

  #end(group: Group, state: 'paused' | 'finished'): void {
    group.going = false;
    this.#state(group, state);
  }

  #state({ id: groupId, runs, step }: Group, state: LabState): void {
    const steps = Object.fromEntries(runs.map(({ id }) => [id, step]));
    this.emit({ type: 'state', groupId, state, steps });
  }

  #fail(group: Group, runId: string): void {
    group.going = false;
    const { id: groupId, step } = group;
    this.emit({
      type: 'failed',
      groupId,
      runId,
      step: step - 1,
      error: {
        kind: 'NonFinite',
        message: `The loss stopped being a number at step ${step}`,
        remedy: `Step ${step - 1} is the last good one and is kept. The learning rate is the usual cause.`,
        field: 'method.learning_rate',
      },
    });
  }
}

/** The parts that every invented row has; other terms of an experiment get invented numbers. */
const PARTS = { answer: true, format: true };

function hashOf(seed: number, step: number): string {
  return Math.imul(seed * 1000 + step + 1, 0x9e3779b1)
    .toString(16)
    .replace('-', '')
    .padStart(8, '0')
    .repeat(8);
}

/** Invented answers, which also have a part of every further term. */
function ownSamples(step: number, others: readonly string[]): SampleGroup[] {
  const partsOf = (c: number) => Object.fromEntries(others.map((term, i) => [term, (i - c) / 10]));
  return syntheticGroups(step, 4).map((group) => ({
    ...group,
    completions: group.completions.map((completion, c) => ({
      ...completion,
      rewards: { ...completion.rewards, ...partsOf(c) },
    })),
  }));
}
