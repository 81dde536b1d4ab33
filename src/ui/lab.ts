/**
 * The page's model: one object that the buttons, the keys and `window.baton` all act on. It holds the store, the series and
 * the samples, and talks to the trainer. It knows the DOM and React not at all.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChangedKernel } from '../lab/changed-kernels.ts';
import { againstId, type LabEvent, type LabState } from '../lab/protocol.ts';
import { accepts, isBusy, transition } from '../lab/state-machine.ts';
import { ownId } from '../receiver/own.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import { changeSetting } from '../rl/experiment/change.ts';
import { secondRun } from '../rl/experiment/presets/against.ts';
import { defaultPreset, findPreset, presetExperiment } from '../rl/experiment/presets/index.ts';
import { type Experiment, type Problem, parseExperiment } from '../rl/experiment/schema.ts';
import { LabClient, type WhichRun, type WorkerLike } from './lab-client.ts';
import { ownModel } from './own-model.ts';
import { runName } from './presets.ts';
import { settingAt } from './settings.ts';
import { comparable, withOrders } from './store/evaluations.ts';
import { withKept } from './store/kept-runs.ts';
import { freshRun, initialData, type LabData, reduce, reduceBeside } from './store/lab-data.ts';
import { paceOf } from './store/pace.ts';
import { RunRecord, togetherTimes } from './store/run-record.ts';
import { stuckReceivers } from './store/stuck-receivers.ts';

/** Numbers of a run change at most this often on the page. */
const REFRESH_MS = 250;

/** Events that only say how far something is: they come in hundreds. */
const COUNTS: ReadonlySet<LabEvent['type']> = new Set(['progress', 'evaluating']);

/** Whether a path names one setting in both: the weight at `rewards.1` is another one where the terms differ. */
function meansTheSame(running: Experiment, draft: Experiment, path: string): boolean {
  const place = /^rewards\.(\d+)\./.exec(path)?.[1];
  const sameTerm =
    place === undefined ||
    running.rewards[Number(place)]?.term === draft.rewards[Number(place)]?.term;
  return sameTerm && settingAt(running, path) !== undefined;
}

export interface LabOptions {
  readonly spawn: () => WorkerLike;
}

export class Lab {
  readonly store: StoreApi<LabData>;
  /** What the run has recorded; its parts are the lab's own `rows`, `timings`, `series` and `samples`. */
  readonly record = new RunRecord();
  /** What the run beside it has recorded; empty where there is none. */
  readonly beside = new RunRecord();
  readonly series = this.record.series;
  readonly samples = this.record.samples;
  readonly rows = this.record.rows;
  readonly timings = this.record.timings;
  readonly #client: LabClient;
  #latest: LabData;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #opened = false;
  /** Whether the lab has been shown: who only reads another page needs none of its kernels. */
  #shown = false;
  #stepAfterPause = false;
  #evaluations = 0;

  constructor(options: LabOptions) {
    const preset = defaultPreset(true);
    this.#latest = initialData(presetExperiment(preset), preset.id);
    this.store = createStore<LabData>(() => this.#latest);
    this.#client = new LabClient({
      spawn: options.spawn,
      onEvent: (event) => this.#receive(event),
    });
  }

  /** The present data, also where the page has not been redrawn since. */
  get data(): LabData {
    return this.#latest;
  }

  /** Asks for the adapter; nothing is trained before `run` or `step`. */
  open(): void {
    this.#update({ failure: null });
    this.#opened = true;
    this.#client.open();
    this.#warmUp();
  }

  /** Says that the lab is shown: from now on the kernels of the draft are compiled ahead. */
  show(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.#warmUp();
  }

  /** Runs the draft, or goes on with a paused run. After an end or a failure it starts anew. */
  run(): void {
    const { state } = this.#latest;
    if (isBusy(state)) return;
    if (state === 'paused') {
      this.#update({ state: 'running', halting: false, failure: null });
      this.#client.resume();
      return;
    }
    this.#start();
    this.#client.run(this.#latest.draft, this.#latest.beside?.running);
  }

  /** Asks for a halt at the end of the step under way. */
  pause(): void {
    if (!isBusy(this.#latest.state)) return;
    this.#update({ halting: true });
    this.#client.pause();
  }

  /** One step, then paused; a run under way is paused first. */
  step(): void {
    const { state, draft, running } = this.#latest;
    if (isBusy(state)) {
      this.#stepAfterPause = true;
      this.pause();
      return;
    }
    if (state === 'paused') {
      this.#update({ state: 'running', halting: true, failure: null });
      this.#client.step(running ?? draft);
      return;
    }
    this.#start();
    this.#client.step(draft, this.#latest.beside?.running);
  }

  /** Ends the run and clears what it recorded; the draft, with its seed, stays. */
  reset(): void {
    this.#client.stop();
    this.#forget();
    this.#update({ ...freshRun(), state: 'idle', running: null });
  }

  /** Starts anew with the draft. */
  restart(): void {
    this.reset();
    this.run();
  }

  /** Makes the draft what runs again. */
  discardDraft(): void {
    const { running, runningPreset } = this.#latest;
    if (running) this.#update({ draft: running, preset: runningPreset });
  }

  /** The draft becomes the preset as it is. */
  choosePreset(id: string): void {
    const preset = findPreset(id);
    if (preset) this.setDraft(presetExperiment(preset), preset.id);
  }

  /**
   * Replaces the draft as a whole: a preset, a file, a link. A run under way keeps all its settings, the live ones too: who
   * looks at another experiment does not mean to change this one.
   */
  setDraft(draft: Experiment, preset = this.#latest.preset): void {
    this.#update({ draft, preset, chosen: true });
    this.#warmUp();
  }

  /** Changes one setting of the draft; a live one also of the run, at its next step. Nothing changes where there are problems. */
  setSetting(path: string, value: unknown): readonly Problem[] {
    const parsed = changeSetting(this.#latest.draft, path, value);
    if (!parsed.ok) return parsed.problems;
    this.#update({ draft: parsed.experiment, chosen: true });
    if (path === 'policy') this.#warmUp();
    const live = settingAt(parsed.experiment, path)?.setting.live;
    const { running, underWay, beside } = this.#latest;
    if (live && this.live && running && meansTheSame(running, parsed.experiment, path)) {
      this.#update({ underWay: [...underWay, path] });
      this.#client.set(path, value);
      // What tells the two runs apart stays; all else changes in both.
      if (beside && !(path in beside.against.changes)) this.#client.set(path, value, 'against');
    }
    return [];
  }

  /** Changes which reward terms stand in the draft; those that stay keep their settings. */
  setRewards(rewards: readonly { readonly term: string }[]): readonly Problem[] {
    const parsed = parseExperiment({ ...this.#latest.draft, rewards });
    if (!parsed.ok) return parsed.problems;
    this.#update({ draft: parsed.experiment, chosen: true });
    return [];
  }

  /** The model of the run, or of the one beside it, as the bytes of a model.safetensors. */
  exportModel(which: WhichRun = 'run'): Promise<ArrayBuffer> {
    return this.#client.exportModel(which);
  }

  /** Evaluates the policy between two steps, and once also as it was before the run, on the same questions. */
  evaluate(asked: Omit<EvaluationOrder, 'policy'>): void {
    const { evaluations } = this.#latest;
    const known = [...evaluations.results, ...evaluations.pending].some(
      ({ order }) => order.policy === 'before' && comparable(order, { ...asked, policy: 'before' }),
    );
    const policies = known ? (['now'] as const) : (['before', 'now'] as const);
    const orders = policies.map((policy) => {
      this.#evaluations += 1;
      return [this.#evaluations, { ...asked, policy }] as const;
    });
    this.#update({ evaluations: withOrders(evaluations, orders) });
    for (const [id, order] of orders) this.#client.evaluate(id, order);
  }

  /**
   * Takes a decoder of the person's own from its files; runs and evaluations may name it from then on.
   * @returns its id
   * @throws BadFile with what is wrong with the files
   */
  async bring(files: readonly File[]): Promise<string> {
    const { ref } = ownModel(files);
    if (ref.kind !== 'own') throw new RangeError(`${ref.kind} is no model of one’s own`);
    const id = ownId(ref.model.name);
    await this.#client.bring({ type: 'bring', id, model: ref.model, beside: ref.beside });
    this.#update({ own: [...new Set([...this.#latest.own, id])] });
    return id;
  }

  /** Gives up the evaluations under way; the run goes on as it was. */
  cancelEvaluation(): void {
    this.#client.cancelEvaluation();
  }

  /** Makes the trainer compute with a changed kernel, from the next step on and in every run until the page is closed. */
  changeKernel(kernel: ChangedKernel): void {
    const others = this.#latest.kernels.asked.filter(({ file }) => file !== kernel.file);
    this.#askKernels([...others, kernel]);
  }

  /** Takes a changed kernel out of the trainer, or all of them: the original is used again from the next step on. */
  restoreKernels(file?: string): void {
    const { asked } = this.#latest.kernels;
    this.#askKernels(file === undefined ? [] : asked.filter((kernel) => kernel.file !== file));
  }

  /** Whether a failed run can go on from its last good step with the original kernels. */
  get canRecover(): boolean {
    const { failure, kernels, state } = this.#latest;
    const kind = failure?.report.kind;
    return (
      accepts(state, 'recover') &&
      this.#client.runId !== '' &&
      this.#latest.manifest !== null &&
      kernels.used.length > 0 &&
      (kind === 'NonFinite' || kind === 'ShaderError')
    );
  }

  /** Restores the original kernels and goes on from the last good step of a run that failed with changed ones. */
  recover(): void {
    const state = transition(this.#latest.state, 'recover');
    if (!this.canRecover || state === undefined) return;
    this.restoreKernels();
    this.#update({ state, failure: null, halting: false });
    this.#client.resume();
  }

  /** Hides a failure that was read. */
  dismissFailure(): void {
    this.#update({ failure: null });
  }

  /** True while a run can still take live settings. */
  get live(): boolean {
    return isBusy(this.#latest.state) || this.#latest.state === 'paused';
  }

  /** Resolves with the first state for which `done` holds, at once where it holds already. */
  until(done: (data: LabData) => boolean): Promise<LabData> {
    if (done(this.#latest)) return Promise.resolve(this.#latest);
    return new Promise((resolve) => {
      const stop = this.store.subscribe((data) => {
        if (!done(data)) return;
        stop();
        resolve(data);
      });
    });
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#client.close();
  }

  #askKernels(asked: readonly ChangedKernel[]): void {
    this.#update({ kernels: { ...this.#latest.kernels, asked, error: null } });
    this.#client.setKernels(asked);
  }

  #start(): void {
    if (!accepts(this.#latest.state, 'run')) this.reset();
    this.#forget();
    const state = transition(this.#latest.state, 'run') ?? this.#latest.state;
    const { draft, preset } = this.#latest;
    const second = secondRun(draft, preset);
    const beside = second && {
      against: second.against,
      running: second.experiment,
      step: 0,
      hash: '',
      manifest: null,
    };
    this.#update({ ...freshRun(), state, running: draft, runningPreset: preset, beside });
  }

  #forget(): void {
    this.#stepAfterPause = false;
    const { running, runningPreset, beside } = this.#latest;
    let { kept } = this.#latest;
    if (running) {
      const label = beside?.against.labels[0] ?? runName(runningPreset);
      kept = withKept(kept, { label, experiment: running, series: this.record.series });
    }
    if (beside) {
      const [, label] = beside.against.labels;
      kept = withKept(kept, { label, experiment: beside.running, series: this.beside.series });
    }
    this.#latest = { ...this.#latest, kept };
    this.record.clear();
    this.beside.clear();
  }

  #receive(event: LabEvent): void {
    const second = 'runId' in event && event.runId === againstId(this.#client.runId);
    if (event.type === 'step') (second ? this.beside : this.record).push(event);
    const before = this.#latest.state;
    this.#latest = (second ? reduceBeside : reduce)(this.#latest, event);
    if (event.type === 'opened') this.#takeDefault(event.adapter.software);
    if (event.type === 'step') {
      const pace = paceOf(togetherTimes(this.timings, this.beside.timings));
      this.#latest = { ...this.#latest, pace, stuck: stuckReceivers(this.rows) };
      this.#publishSoon();
      return;
    }
    if (COUNTS.has(event.type)) {
      this.#publishSoon();
      return;
    }
    this.#publish();
    this.#afterState(before, this.#latest.state);
  }

  /** Has the draft's policy loaded and its kernels compiled, while nothing runs. */
  #warmUp(): void {
    if (this.#opened && this.#shown && !this.live) this.#client.warmUp(this.#latest.draft);
  }

  /** The adapter decides which preset a first visit sees, as long as nobody has chosen one. */
  #takeDefault(software: boolean): void {
    const { chosen, running } = this.#latest;
    if (chosen || running) return;
    const preset = defaultPreset(software);
    if (preset.id === this.#latest.preset) return;
    this.#latest = { ...this.#latest, draft: presetExperiment(preset), preset: preset.id };
    this.#warmUp();
  }

  #afterState(before: LabState, after: LabState): void {
    if (before === after) return;
    if (after === 'paused' && this.#stepAfterPause) {
      this.#stepAfterPause = false;
      this.step();
    }
    if (after === 'finished' || after === 'failed') this.#stepAfterPause = false;
  }

  #update(change: Partial<LabData>): void {
    this.#latest = { ...this.#latest, ...change };
    this.#publish();
  }

  #publish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.store.setState(this.#latest, true);
  }

  /** The first event of a burst is shown at once, the others together a quarter of a second later. */
  #publishSoon(): void {
    if (this.#timer !== null) return;
    this.store.setState(this.#latest, true);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.store.getState() !== this.#latest) this.store.setState(this.#latest, true);
    }, REFRESH_MS);
  }
}
