/**
 * The page's model: one object that the buttons, the keys and `window.baton` all act on. It holds the store and talks to the
 * trainer. It knows the DOM and React not at all.
 */
import type { StoreApi } from 'zustand/vanilla';
import { type ErrorReport, toReport } from '../errors.ts';
import type { ChangedKernel } from '../lab/changed-kernels.ts';
import type {
  ExportedModel,
  LabEvent,
  LabState,
  PlannedMemory,
  RunGroup,
} from '../lab/protocol.ts';
import { accepts, isBusy, transition } from '../lab/state-machine.ts';
import { ownId } from '../receiver/own.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import { changeSetting } from '../rl/experiment/change.ts';
import { defaultPreset, findPreset, presetExperiment } from '../rl/experiment/presets/index.ts';
import { type Experiment, type Problem, parseExperiment } from '../rl/experiment/schema.ts';
import { Ahead } from './ahead.ts';
import { keepOf, placesOf, planOfStored, type Resumable } from './keep.ts';
import { LabClient, type StartHow, type WorkerLike } from './lab-client.ts';
import { ownModel } from './own-model.ts';
import { groupOf, misfitOfDraft, type Plan, planOfDraft } from './plan.ts';
import { settingAt } from './settings.ts';
import { ordersFor, withOrders } from './store/evaluations.ts';
import { KEEP_EVERY } from './store/keeping.ts';
import { retired } from './store/kept-runs.ts';
import { failedByKernels, failedByNumbers } from './store/kernels-in-lab.ts';
import { initialData, type LabData, NOTHING_RUNS, reduce, takersOf } from './store/lab-data.ts';
import { Publisher } from './store/publisher.ts';
import { type Recorded, restoreRecord } from './store/restored.ts';
import { RunRecord } from './store/run-record.ts';
import { lead, presentGroup, withGroup, withRun } from './store/runs.ts';

/** Events that come in bursts: steps, and how far something is. */
const BURSTS: ReadonlySet<LabEvent['type']> = new Set(['step', 'progress', 'evaluating']);

/** Whether a run is stored: as a person has asked for all of them, or in any case, or not. */
export type KeepWish = 'asked' | 'always' | 'never';

export interface LabOptions {
  readonly spawn: () => WorkerLike;
  /** Steps between checkpoints of a run that starts now; null where it is not to be kept, which is the default. */
  readonly keepEvery?: () => number | null;
}

export class Lab {
  readonly #client: LabClient;
  readonly #keepEvery: () => number | null;
  readonly #publisher: Publisher<LabData>;
  /** What a run has recorded, where there is none. */
  readonly #nothing = new RunRecord();
  readonly #ahead: Ahead;
  #stepAfterPause = false;
  /** The stored group that is on its way back, by id; null once it runs. */
  #restoring: string | null = null;
  #evaluations = 0;
  #groups = 0;

  constructor(options: LabOptions) {
    const preset = defaultPreset(true);
    this.#keepEvery = options.keepEvery ?? (() => null);
    this.#publisher = new Publisher(initialData(presetExperiment(preset), preset.id));
    this.#client = new LabClient({
      spawn: options.spawn,
      onEvent: (event) => this.#receive(event),
    });
    this.#ahead = new Ahead({
      client: this.#client,
      draft: () => this.data.draft,
      resting: () => !this.live,
      onPlan: () => this.#update({ planned: null }),
    });
  }

  get store(): StoreApi<LabData> {
    return this.#publisher.store;
  }

  /** The present data, also where the page has not been redrawn since. */
  get data(): LabData {
    return this.#publisher.latest;
  }

  /** What the lead has recorded; empty where nothing runs. */
  get record(): RunRecord {
    return lead(this.data)?.record ?? this.#nothing;
  }

  get rows(): RunRecord['rows'] {
    return this.record.rows;
  }

  get series(): RunRecord['series'] {
    return this.record.series;
  }

  get samples(): RunRecord['samples'] {
    return this.record.samples;
  }

  /** Asks for the adapter; nothing is trained before `run` or `step`. */
  open(): void {
    this.#update({ failure: null, gpuAsked: true });
    this.#ahead.open();
  }

  /** Says that the lab is shown: from now on the kernels of the draft are compiled ahead. */
  show(): void {
    this.#ahead.show();
  }

  /** Runs the draft, or goes on with a paused group. After an end or a failure it starts anew. */
  run(): void {
    const { state, draft, preset, standing } = this.data;
    if (isBusy(state)) {
      if (standing) this.#goOn();
      return;
    }
    if (state === 'paused') {
      this.#update({ state: 'running', halting: false, failure: null });
      this.#client.resume();
      return;
    }
    if (this.#fits()) this.start(planOfDraft(draft, preset));
  }

  /** Asks for a halt at the end of the step under way. */
  pause(): void {
    if (!isBusy(this.data.state)) return;
    this.#update({ halting: true, standing: null });
    this.#client.pause();
  }

  /** From a phase in which the step waits to its end, and on. */
  #goOn(): void {
    this.#update({ halting: false, standing: null });
    this.#client.resume();
  }

  /** One step, then paused; a group under way is paused first. A step that waits in a phase is done to its end. */
  step(): void {
    const { state, draft, preset, standing } = this.data;
    if (standing) {
      this.pause();
      return;
    }
    if (isBusy(state)) {
      this.#stepAfterPause = true;
      this.pause();
      return;
    }
    if (state === 'paused') {
      this.#update({ state: 'running', halting: true, failure: null });
      this.#client.step();
      return;
    }
    if (this.#fits()) this.start(planOfDraft(draft, preset), { how: 'step' });
  }

  /** Goes on to the end of the next phase of a step, and waits there; a run under way waits at its next phase. */
  phase(): void {
    const { state, draft, preset } = this.data;
    if (isBusy(state) || state === 'paused') {
      const begun = state === 'paused' ? 'running' : state;
      this.#update({ state: begun, halting: true, standing: null, failure: null });
      this.#client.phase();
      return;
    }
    if (this.#fits()) this.start(planOfDraft(draft, preset), { how: 'phase' });
  }

  /**
   * Starts a group anew, or its first step or phase; one that is there is cleared. The draft stays.
   * @returns the folder that stores it; null where it is not stored
   */
  start(
    plan: Plan,
    {
      how = 'run',
      keep: wish = 'asked',
    }: { readonly how?: StartHow; readonly keep?: KeepWish } = {},
  ): string | null {
    if (!this.#ahead.opened) this.open();
    const every =
      wish === 'never' ? null : (this.#keepEvery() ?? (wish === 'always' ? KEEP_EVERY : null));
    const keep = every === null ? null : keepOf(plan, every);
    const group = this.#place(plan, { stored: placesOf(keep) });
    this.#client.start({ ...group, ...(keep && { keep }) }, how);
    return keep?.id ?? null;
  }

  /**
   * Goes on with a stored group from its last checkpoint; one that is there is cleared. The draft becomes what it runs.
   * @throws BatonError BadFile where this build cannot read what it ran
   */
  resume(stored: Resumable): void {
    const plan = planOfStored(stored.seal);
    if (!this.#ahead.opened) this.open();
    const keep = { ...keepOf(plan, this.#keepEvery() ?? KEEP_EVERY), id: stored.id };
    const group = this.#place(plan, { stored: placesOf(keep) });
    this.#update({ draft: plan.runs[0].experiment, preset: plan.preset, chosen: true });
    this.#restoring = group.groupId;
    this.#client.restore({ ...group, keep });
  }

  /**
   * Shows runs that were recorded before, at their end; a group that is there is cleared. The first one's experiment becomes the draft, so Run does it
   * again.
   * @param from where they were recorded, in a few words
   * @param recorded what each run of the plan left
   * @param stored the runs' places in the store of this browser; none where they come from elsewhere
   */
  showRecorded(
    plan: Plan,
    from: string,
    recorded: readonly Recorded[],
    stored: readonly string[] = [],
  ): void {
    const { runs } = this.#place(plan, { recordedIn: from, stored });
    for (const [i, { id }] of runs.entries()) {
      const event = { type: 'restored', runId: id, ...recorded[i] } as const;
      const run = this.data.runs.get(id);
      if (run) restoreRecord(run.record, event);
      this.#publisher.latest = reduce(this.data, event);
    }
    const [{ experiment: draft }] = plan.runs;
    const announcement = `Recorded runs are shown: ${plan.runs.map(({ label }) => label).join(', ')}.`;
    this.#update({ draft, preset: plan.preset, chosen: true, state: 'finished', announcement });
  }

  /** Asks for a checkpoint of the present group: the page may be about to go. */
  keepNow(): void {
    if (this.live) this.#client.keep();
  }

  /** Puts a new group in the place of the present one. @returns what the worker needs of it: plain data, not what runs record */
  #place(
    plan: Plan,
    { recordedIn, stored }: { readonly recordedIn?: string; readonly stored: readonly string[] },
  ): RunGroup {
    if (!accepts(this.data.state, 'run')) this.reset();
    this.#forget();
    this.#groups += 1;
    const { group: own, runs } = groupOf(plan, this.#groups, stored);
    const group = { ...own, ...(recordedIn !== undefined && { recordedIn }) };
    const state = transition(this.data.state, 'run') ?? this.data.state;
    this.#update({ ...NOTHING_RUNS, ...withGroup(this.data, group, runs), state });
    return { groupId: group.id, runs: runs.map(({ id, experiment }) => ({ id, experiment })) };
  }

  /** Ends the group and clears what it recorded; the draft, with its seed, stays. */
  reset(): void {
    this.#client.stop();
    this.#forget();
    this.#update(NOTHING_RUNS);
    // The draft may have changed while a run went on.
    this.#ahead.plan();
  }

  /** A reset after which Run gives the same run again: what was moved while it went on stands in the draft as it was before. */
  resetToStart(): void {
    const moved = lead(this.data)?.changes ?? [];
    this.reset();
    for (const { path, value, was } of moved.toReversed()) {
      const asMoved = Object.is(settingAt(this.data.draft, path)?.value, value);
      if (was !== undefined && asMoved) this.setSetting(path, was);
    }
  }

  /** Starts anew with the draft. */
  restart(): void {
    if (!this.#fits()) return;
    this.reset();
    this.run();
  }

  /** Lets the charts draw a run, or not. */
  draw(runId: string, on: boolean): void {
    const others = this.data.drawn.filter((id) => id !== runId);
    this.#update({ drawn: on ? [...others, runId] : others });
  }

  /** Makes the draft what runs again. */
  discardDraft(): void {
    const running = lead(this.data);
    const group = presentGroup(this.data);
    if (running && group) this.#update({ draft: running.experiment, preset: group.preset });
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
  setDraft(draft: Experiment, preset = this.data.preset): void {
    this.#update({ draft, preset, chosen: true });
    this.#ahead.warmUp();
  }

  /** Changes one setting of the draft; a live one also of the run, at its next step. Nothing changes where there are problems. */
  setSetting(path: string, value: unknown): readonly Problem[] {
    const parsed = changeSetting(this.data.draft, path, value);
    if (!parsed.ok) return parsed.problems;
    this.#update({ draft: parsed.experiment, chosen: true });
    if (path === 'policy' || path === 'method.name') this.#ahead.warmUp();
    else this.#ahead.plan();
    const live = settingAt(parsed.experiment, path)?.setting.live;
    if (!live || !this.live) return [];
    for (const { id } of takersOf(this.data, path)) {
      this.#update(withRun(this.data, id, ({ underWay }) => ({ underWay: [...underWay, path] })));
      this.#client.set(id, path, value);
    }
    return [];
  }

  /** Changes which reward terms stand in the draft; those that stay keep their settings. */
  setRewards(rewards: readonly { readonly term: string }[]): readonly Problem[] {
    const parsed = parseExperiment({ ...this.data.draft, rewards });
    if (!parsed.ok) return parsed.problems;
    this.#update({ draft: parsed.experiment, chosen: true });
    return [];
  }

  /** The policy of a run, or its reward model, as the bytes of a model.safetensors. @throws Cancelled where the run is not of the present group */
  exportModel(runId: string, model?: ExportedModel): Promise<ArrayBuffer> {
    return this.#client.exportModel(runId, model);
  }

  /** What each of several runs would hold on the device. @throws Cancelled where the trainer ends meanwhile */
  estimate(experiments: readonly Experiment[]): Promise<readonly PlannedMemory[]> {
    return this.#client.estimate(experiments);
  }

  /** Evaluates a run's policy between two steps, and once also as it was before the run, on the same questions. */
  evaluate(runId: string, asked: Omit<EvaluationOrder, 'policy'>): void {
    const run = this.data.runs.get(runId);
    if (!run) return;
    const orders = ordersFor(run.evaluations, asked).map((order) => {
      this.#evaluations += 1;
      return [this.#evaluations, order] as const;
    });
    const next = { evaluations: withOrders(run.evaluations, orders) };
    this.#update(withRun(this.data, runId, () => next));
    for (const [id, order] of orders) this.#client.evaluate(runId, id, order);
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
    this.#update({ own: [...new Set([...this.data.own, id])] });
    return id;
  }

  /** Gives up the evaluations under way; the run goes on as it was. */
  cancelEvaluation(): void {
    this.#client.cancelEvaluation();
  }

  /** Makes the trainer compute with a changed kernel, from the next step on and in every run until the page is closed. */
  changeKernel(kernel: ChangedKernel): void {
    const others = this.data.kernels.asked.filter(({ file }) => file !== kernel.file);
    this.#askKernels([...others, kernel]);
  }

  /** Takes a changed kernel out of the trainer, or all of them: the original is used again from the next step on. */
  restoreKernels(file?: string): void {
    const { asked } = this.data.kernels;
    this.#askKernels(file === undefined ? [] : asked.filter((kernel) => kernel.file !== file));
  }

  /** Whether a failed run can go on from its last good step with the original kernels. */
  get canRecover(): boolean {
    return this.#client.hasGroup && failedByKernels(this.data);
  }

  /** Restores the original kernels and goes on from the last good step of a run that failed with changed ones. */
  recover(): void {
    if (this.canRecover) this.#recoverWith(() => this.restoreKernels());
  }

  /** Whether a failed run stands at its last good step, from which it can go on with another setting. */
  get canGoOn(): boolean {
    return this.#client.hasGroup && failedByNumbers(this.data);
  }

  /** Goes on from the last good step of a run that failed, with a live setting changed. */
  goOnWith(path: string, value: unknown): void {
    if (this.canGoOn) this.#recoverWith(() => this.setSetting(path, value));
  }

  #recoverWith(mend: () => void): void {
    const state = transition(this.data.state, 'recover');
    if (state === undefined) return;
    this.#update({ state, failure: null, halting: false });
    mend();
    this.#client.resume();
  }

  /** Hides what was said of the storage, and does not say it again. */
  dismissStorage(): void {
    this.#update({ storageRead: this.data.keeping.error?.message ?? '' });
  }

  /** Hides a failure that was read. */
  dismissFailure(): void {
    this.#update({ failure: null });
  }

  /** True while a run can still take live settings. */
  get live(): boolean {
    return isBusy(this.data.state) || this.data.state === 'paused';
  }

  /** Resolves with the first state for which `done` holds, at once where it holds already. */
  until(done: (data: LabData) => boolean): Promise<LabData> {
    return this.#publisher.until(done);
  }

  close(): void {
    this.#publisher.close();
    this.#client.close();
  }

  /** Whether the draft, with what goes beside it, fits its policy; if not, says so before anything is started or lost. */
  #fits(): boolean {
    const misfit = misfitOfDraft(this.data);
    if (misfit) this.#update({ failure: { report: toReport(misfit), step: null, runId: null } });
    return misfit === null;
  }

  #askKernels(asked: readonly ChangedKernel[]): void {
    this.#update({ kernels: { ...this.data.kernels, asked, error: null } });
    this.#client.setKernels(asked);
  }

  #forget(): void {
    this.#stepAfterPause = false;
    this.#restoring = null;
    this.#publisher.latest = { ...this.data, ...retired(this.data) };
  }

  #receive(event: LabEvent): void {
    const { state: before, runs } = this.data;
    if (event.type === 'step') runs.get(event.runId)?.record.push(event);
    const restored = event.type === 'restored' ? runs.get(event.runId) : undefined;
    if (event.type === 'restored' && restored) restoreRecord(restored.record, event);
    this.#publisher.latest = reduce(this.data, event);
    if (restored) this.#followLead(restored.id);
    if (event.type === 'failed' && event.groupId === this.#restoring) {
      this.#giveUpRestoring(event.error);
      return;
    }
    if (event.type === 'opened') this.#takeDefault(event.adapter.software);
    if (BURSTS.has(event.type)) {
      this.#publisher.publishSoon();
      return;
    }
    this.#publisher.publish();
    this.#afterState(before, this.data.state);
  }

  /** A stored group that does not come back is as it was: it can be resumed again. */
  #giveUpRestoring(report: ErrorReport): void {
    this.reset();
    this.#update({ failure: { report, step: null, runId: null } });
  }

  /** The draft takes the live changes that a stored lead had. */
  #followLead(runId: string): void {
    const running = lead(this.data);
    if (running?.id === runId) this.#publisher.latest = { ...this.data, draft: running.experiment };
  }

  /** The adapter decides which preset a first visit sees, as long as nobody has chosen one. */
  #takeDefault(software: boolean): void {
    const { chosen, present } = this.data;
    if (chosen || present !== null) return;
    const preset = defaultPreset(software);
    if (preset.id === this.data.preset) return;
    const draft = presetExperiment(preset);
    this.#publisher.latest = { ...this.data, draft, preset: preset.id };
    this.#ahead.warmUp();
  }

  #afterState(before: LabState, after: LabState): void {
    if (before === after) return;
    if (after === 'running' || after === 'paused') this.#restoring = null;
    if (after === 'paused' && this.#stepAfterPause) {
      this.#stepAfterPause = false;
      this.step();
    }
    if (after === 'finished' || after === 'failed') this.#stepAfterPause = false;
  }

  #update(change: Partial<LabData>): void {
    this.#publisher.latest = { ...this.data, ...change };
    this.#publisher.publish();
  }
}
