/**
 * Tests and screenshots only: a trainer that trains nothing. It keeps the protocol to the letter and gives the same invented rows
 * for the same seed, so that the page can be tested without a GPU. No file of the shipped page imports it.
 */
import { againstId, type LabCommand, type LabEvent } from '../../lab/protocol.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { WorkerLike } from '../lab-client.ts';
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
  /** The second of two runs fails at this step. */
  readonly againstFailsAt?: number;
}

interface Run {
  readonly id: string;
  experiment: Experiment;
  /** What goes beside it. */
  against?: Experiment;
  step: number;
  going: boolean;
  single: boolean;
}

export class FakeLab implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  onmessageerror: WorkerLike['onmessageerror'] = null;
  /** Every command received, for assertions. */
  readonly commands: LabCommand[] = [];
  terminated = false;
  readonly #options: FakeLabOptions;
  #run: Run | null = null;
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

  /** Does one step of a run that is going. */
  tick(): void {
    const run = this.#run;
    if (!run?.going) return;
    for (const { runId, path, value } of this.#pendingSet.splice(0)) {
      this.emit({ type: 'changed', runId, step: run.step + 1, path, value });
    }
    run.step += 1;
    if (run.step === this.#options.failAt) {
      this.#fail(run, run.id);
      return;
    }
    this.#tell(run, run.id, run.experiment, 1.2);
    if (run.against) {
      if (run.step === this.#options.againstFailsAt) {
        this.#fail(run, againstId(run.id));
        return;
      }
      this.#tell(run, againstId(run.id), run.against, 0.8);
    }
    if (run.step >= run.experiment.steps) this.#end(run, 'finished');
    else if (run.single) this.#end(run, 'paused');
  }

  #tell(run: Run, runId: string, experiment: Experiment, quality: number): void {
    const [row, timings] = syntheticRow(run.step, experiment.seed, quality);
    const silent = run.step >= (this.#options.silentFrom ?? Number.POSITIVE_INFINITY);
    const others = experiment.rewards.map(({ term }) => term).filter((term) => !(term in PARTS));
    this.emit({
      type: 'step',
      runId,
      metrics: {
        ...row,
        ...Object.fromEntries(others.map((term, i) => [`rewards/${term}/mean`, (i + 1) / 10])),
        ...(silent && { frac_reward_zero_std: 1 }),
        step: run.step,
      },
      timings: { ...timings, step: run.step },
      samples: syntheticGroups(run.step, 4).map((group) => ({
        ...group,
        completions: group.completions.map((completion, c) => ({
          ...completion,
          rewards: {
            ...completion.rewards,
            ...Object.fromEntries(others.map((term, i) => [term, (i - c) / 10])),
          },
        })),
      })),
      gpuBytes: 222_298_112,
      hash: hashOf(experiment.seed + quality, run.step),
    });
  }

  #obey(command: LabCommand): void {
    if (command.type === 'open') {
      this.#open();
      return;
    }
    if (command.type === 'warm-up') return;
    if (command.type === 'bring') {
      this.emit({ type: 'brought', id: command.id, error: null });
      return;
    }
    if (command.type === 'kernels') {
      this.emit({ type: 'kernels', kernels: command.kernels });
      return;
    }
    if (command.type === 'run' || (command.type === 'step' && this.#run?.id !== command.runId)) {
      this.#start(command, command.type === 'step');
      return;
    }
    const run = this.#run;
    if (run === null || ![run.id, againstId(run.id)].includes(command.runId)) return;
    switch (command.type) {
      case 'pause':
        if (run.going) this.#end(run, 'paused');
        return;
      case 'resume':
      case 'step':
        run.going = true;
        run.single = command.type === 'step';
        this.emit({ type: 'state', runId: run.id, state: 'running', step: run.step });
        return;
      case 'stop':
        this.#run = null;
        return;
      case 'set':
        this.#pendingSet.push(command);
        return;
      case 'evaluate':
        this.#evaluate(run, command);
        return;
      case 'cancel-evaluation':
        return;
      case 'export-model':
        this.emit({ type: 'model', runId: command.runId, bytes: new ArrayBuffer(8) });
    }
  }

  #evaluate(run: Run, { id, order }: Extract<LabCommand, { type: 'evaluate' }>): void {
    const total = order.prompts * order.samples;
    const skill = order.policy === 'before' ? 0.34 : 0.34 + Math.min(0.25, run.step / 200);
    this.emit({ type: 'evaluating', runId: run.id, id, done: total / 2, total });
    const evaluation = syntheticEvaluation(order, skill);
    this.emit({ type: 'evaluated', runId: run.id, id, step: run.step, evaluation });
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

  #start(asked: Extract<LabCommand, { type: 'run' | 'step' }>, single: boolean): void {
    const { runId: id, experiment, against } = asked;
    const run: Run = { id, experiment, step: 0, going: true, single, ...(against && { against }) };
    this.#run = run;
    this.#pendingSet = [];
    this.emit({ type: 'state', runId: id, state: 'preparing', step: 0 });
    this.emit({
      type: 'progress',
      runId: id,
      progress: { what: 'pipelines', label: 'Compiling kernels', done: 11, total: 18 },
    });
    this.emit({ type: 'state', runId: id, state: 'running', step: 0 });
  }

  #end(run: Run, state: 'paused' | 'finished'): void {
    run.going = false;
    this.emit({ type: 'state', runId: run.id, state, step: run.step });
  }

  #fail(run: Run, runId: string): void {
    run.going = false;
    this.emit({
      type: 'failed',
      runId,
      step: run.step - 1,
      error: {
        kind: 'NonFinite',
        message: `The loss stopped being a number at step ${run.step}`,
        remedy: `Step ${run.step - 1} is the last good one and is kept. The learning rate is the usual cause.`,
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
