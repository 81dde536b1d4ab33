/**
 * "Check this adapter": everything that tells whether the lab can be trusted on an adapter, in one report. Each part is bounded by time, so
 * that a slow adapter gets a shorter report and no adapter a long wait; what fails is written down, and the next part goes on.
 */
import { BUILD, COMMIT } from '../../build.ts';
import type { Profile } from '../../gpu/adapter.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { casesOf } from '../../kernels/registry.ts';
import { type Decision, decideVariants, TYPICAL_SHAPES } from '../../kernels/tune.ts';
import { type FileReader, type LoadedModel, loadModelFolder } from '../../model/load.ts';
import { experimentHash } from '../../rl/experiment/canonical.ts';
import { entryOf } from '../kernel-lab/entries.ts';
import { measureCeilings } from '../kernel-lab/measure.ts';
import { compareBits } from './compare-bits.ts';
import { kernelRows, rowsDue } from './kernel-rows.ts';
import { FAMILY_NAMES } from './lines.ts';
import type { AdapterReport, FamilyPart, KernelRow } from './schema.ts';
import { inWords, Stage, type StageOptions } from './stage.ts';
import { reportExperiment, trainSteps } from './training.ts';

export interface ReportOptions extends StageOptions {
  /** Opens the folder of a bundled policy. */
  readonly reader: (policy: string) => FileReader;
  /** The browser, or Node, as it names itself. */
  readonly browser: string;
  /** Today, YYYY-MM-DD. */
  readonly date: string;
  /** Seconds for all parts together. A part that is under way is ended at its next case or step. */
  readonly seconds: number;
  /** Is told the report so far, and what is under way, as often as that changes. */
  readonly tell?: (report: AdapterReport, doing: string) => void;
}

/** Seconds from which on a report has time for large sizes on a software adapter. */
const LONG_SECONDS = 600;

/** When each part has to end, as a share of all time. What a part leaves goes to those after it. */
const ENDS = {
  ...{ own: 0.35, other: 0.55, tuner: 0.65, large: 0.75, step: 0.8, run: 0.95, last: 1 },
} as const;

const stepIn = (family: Profile) =>
  `One training step (${family === 'lanes' ? 'GPUs' : 'software'})`;

const FAMILIES: readonly Profile[] = ['scalar', 'lanes'];

/** Makes a report. It never throws: what went wrong is in it. */
export async function makeReport(options: ReportOptions): Promise<AdapterReport> {
  return new Making(options).all();
}

class Making {
  readonly #options: ReportOptions;
  readonly #stage: Stage;
  readonly #began: number;
  #report: AdapterReport;
  #doing = '';
  #skipped = false;
  /** Sizes of all kernels and variants of both families; null before the adapter is known. */
  #due: number | null = null;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#stage = new Stage(options);
    this.#began = options.clock();
    this.#report = {
      ...{ version: 1, build: BUILD, ...(COMMIT && { commit: COMMIT }), date: options.date },
      ...{ browser: options.browser, limit: options.seconds },
      ...{ adapter: null, seconds: 0, ended: null, families: [] },
      ...{ tuner: null, ceilings: null, run: null, problems: [] },
    };
  }

  async all(): Promise<AdapterReport> {
    try {
      await this.#parts();
    } finally {
      this.#stage.close();
    }
    const ended = this.#stage.stopped ? 'stopped' : this.#short ? 'out of time' : null;
    this.#doing = '';
    this.#set({ ended });
    return this.#report;
  }

  async #parts(): Promise<void> {
    await this.#part('The adapter', ENDS.own, async () => this.#open());
    const own = this.#report.adapter?.family;
    if (own === undefined) return;
    const other = FAMILIES.find((family) => family !== own) ?? own;
    for (const family of [own, other])
      await this.#part(FAMILY_NAMES[family], family === own ? ENDS.own : ENDS.other, () =>
        this.#kernels(family, 'all', own),
      );
    let decision: Decision | null = null;
    await this.#part('The tuner', ENDS.tuner, async () => {
      decision = await this.#tune(own);
    });
    await this.#part('The highest speeds', ENDS.tuner, async () => {
      const gpu = await this.#stage.gpu(own);
      const ceilings = await measureCeilings(gpu, entryOf('matmul-nt'), this.#options.clock);
      this.#set({ ceilings });
    });
    await this.#part('Large sizes', ENDS.large, () => this.#large(own));
    let model: LoadedModel | null = null;
    await this.#part('Reading the policy', ENDS.step, async () => {
      model = await loadModelFolder(this.#options.reader(reportExperiment().policy));
    });
    if (!model) return;
    const policy: LoadedModel = model;
    await this.#part(stepIn(own), ENDS.step, () => this.#step(own, policy));
    await this.#part('A run of 20 steps', ENDS.run, () => this.#run(policy, decision));
    await this.#part(stepIn(other), ENDS.last, () => this.#step(other, policy));
  }

  /** Does a part; what it throws is a problem of the report and no more. */
  async #part(doing: string, end: number, work: () => Promise<void>): Promise<void> {
    if (this.#stage.stopped) return;
    this.#doing = doing;
    this.#stage.until(this.#began + 1000 * this.#options.seconds * end);
    this.#set({});
    if (this.#stage.over) {
      this.#skipped = true;
      this.#problem(doing, 'there was no time left for it');
      return;
    }
    try {
      await work();
    } catch (error) {
      this.#problem(doing, inWords(error));
    }
  }

  /** Whether time was too short for everything. */
  get #short(): boolean {
    const { families, run } = this.#report;
    const left = families.some(({ kernels }) =>
      kernels.some(({ done, of, error }) => done < of && error === null),
    );
    return left || this.#skipped || (run !== null && run.error === null && run.done < run.of);
  }

  async #open(): Promise<void> {
    const { info, device } = await this.#stage.gpu();
    const { name, adapter: words, software, profile, features, limits } = info;
    this.#due = sizesDue(profile, info);
    const { subgroupMinSize: least, subgroupMaxSize: most } = device.adapterInfo ?? {};
    this.#set({
      adapter: {
        ...{ name, words: { ...words }, software, family: profile, features: [...features] },
        subgroups: least && most ? [least, most] : null,
        limits: { ...limits },
      },
    });
  }

  async #kernels(family: Profile, sizes: 'all' | 'large', own: Profile): Promise<void> {
    const earlier = this.#family(family).kernels;
    const rows = new Map<string, KernelRow>();
    await kernelRows(this.#stage, {
      ...{ family, sizes, single: family === own },
      tell: (row) => {
        rows.set(`${row.kernel} ${row.variant}`, row);
        const kernels = [...earlier, ...rows.values()];
        this.#setFamily({ ...this.#family(family), kernels, bits: compareBits(kernels) });
      },
    });
  }

  /** A software adapter takes so long for one of them that no time would be left for training. */
  async #large(own: Profile): Promise<void> {
    const { adapter } = this.#report;
    if (adapter?.software && this.#options.seconds < LONG_SECONDS) this.#stage.until(this.#began);
    await this.#kernels(own, 'large', own);
  }

  async #tune(own: Profile): Promise<Decision> {
    const gpu = await this.#stage.gpu(own);
    const {
      variants,
      refused,
      times = {},
    } = await decideVariants(gpu, TYPICAL_SHAPES, this.#options.clock);
    const decision = { variants, refused, times };
    this.#set({ tuner: decision });
    return decision;
  }

  async #step(family: Profile, model: LoadedModel): Promise<void> {
    await trainSteps(this.#stage, model, {
      ...{ family, of: 1 },
      tell: (step) => this.#setFamily({ ...this.#family(family), step }),
    });
  }

  async #run(model: LoadedModel, decision: Decision | null): Promise<void> {
    const experiment = reportExperiment();
    const { family: own } = this.#report.adapter ?? {};
    const variants = decision?.variants ?? {};
    const named = {
      policy: model.hash,
      experiment: await experimentHash(experiment),
      variants: { ...(own && { default: own }), ...variants },
    };
    await trainSteps(this.#stage, model, {
      ...{ of: experiment.steps, ...(own && { family: own }) },
      prepare: (gpu: Gpu) => {
        for (const [kernel, variant] of Object.entries(variants)) gpu.variants.set(kernel, variant);
      },
      tell: (steps) => this.#set({ run: { ...named, ...steps } }),
    });
  }

  #family(family: Profile): FamilyPart {
    const known = this.#report.families.find((one) => one.family === family);
    return known ?? { family, kernels: [], bits: [], step: null };
  }

  #setFamily(part: FamilyPart): void {
    const { families } = this.#report;
    const known = families.some(({ family }) => family === part.family);
    this.#set({
      families: known
        ? families.map((one) => (one.family === part.family ? part : one))
        : [...families, part],
    });
  }

  #problem(part: string, message: string): void {
    this.#set({ problems: [...this.#report.problems, { part, message }] });
  }

  #set(change: Partial<AdapterReport>): void {
    const seconds = Math.round((this.#options.clock() - this.#began) / 100) / 10;
    const report = { ...this.#report, ...change, seconds };
    this.#report =
      this.#due === null
        ? report
        : { ...report, sizes: { done: sizesDone(report), of: this.#due } };
    this.#options.tell?.(this.#report, this.#doing);
  }
}

/** Sizes that a whole report covers: all of both families, and the large ones of the adapter's own. */
function sizesDue(own: Profile, device: Parameters<typeof rowsDue>[1]): number {
  const parts = [
    ...FAMILIES.map((family) => ({ family, sizes: 'all' as const, single: family === own })),
    { family: own, sizes: 'large' as const, single: true },
  ];
  return parts
    .flatMap((part) => rowsDue(part, device).map(({ check }) => casesOf(check, part.sizes).length))
    .reduce((sum, cases) => sum + cases, 0);
}

const sizesDone = ({ families }: AdapterReport): number =>
  families.flatMap(({ kernels }) => kernels).reduce((sum, { done }) => sum + done, 0);
