/** Answers the Kernels page's questions on a GPU device of its own. One question at a time. */
import type { Gpu } from '../../gpu/gpu.ts';
import { chooseVariant } from '../../kernels/variants.ts';
import type { FileReader } from '../../model/load.ts';
import { REPORT_SECONDS } from '../adapter-report/coverage.ts';
import { makeReport } from '../adapter-report/make.ts';
import type { AdapterReport } from '../adapter-report/schema.ts';
import type { StageOptions } from '../adapter-report/stage.ts';
import { catalogue } from './catalogue.ts';
import { check } from './checks.ts';
import { ENTRIES, entryOf, ONLY } from './entries.ts';
import { measureCeilings, timeVariants } from './measure.ts';
import type { Advance, Ceilings, Machine, Question, Talk } from './protocol.ts';
import { profileStep } from './step-profile.ts';
import { attempt } from './trial.ts';

export interface KernelLabOptions {
  /** Opens the device, with its variants chosen as the lab chooses them. */
  readonly openGpu: () => Promise<Gpu>;
  /** Opens a fresh device for a report, with no variants chosen. */
  readonly openPlain: StageOptions['open'];
  readonly reader: (policy: string) => FileReader;
  readonly clock: () => number;
}

export class KernelLab {
  readonly #options: KernelLabOptions;
  #gpu: Promise<Gpu> | null = null;
  #ceilings: Ceilings | null = null;

  constructor(options: KernelLabOptions) {
    this.#options = options;
  }

  /**
   * @param tell how far a long answer is
   * @throws NoWebGpu, DeviceLost, ShaderError, OutOfMemory; BadFile and BadConfig for a step
   */
  async answer(
    question: Question,
    tell: (advance: Advance) => void = () => undefined,
  ): Promise<Talk[keyof Talk]['answer']> {
    if (question.type === 'catalogue') return catalogue();
    if (question.type === 'report') return this.#report(tell);
    this.#gpu ??= this.#options.openGpu();
    const gpu = await this.#gpu;
    const { clock, reader } = this.#options;
    switch (question.type) {
      case 'open':
        return machineOf(gpu);
      case 'check':
        return check(gpu, entryOf(question.kernel), question.variant, question.cases, tell);
      case 'try':
        return attempt(gpu, question, clock, tell);
      case 'variants':
        return timeVariants(gpu, entryOf(question.kernel), clock, tell);
      case 'step':
        return profileStep(
          gpu,
          question.experiment,
          reader(question.experiment.policy),
          clock,
          tell,
        );
      case 'ceilings':
        this.#ceilings ??= await measureCeilings(gpu, entryOf('matmul-nt'), clock);
        return this.#ceilings;
      default:
        return question satisfies never;
    }
  }

  #report(tell: (advance: Advance) => void): Promise<AdapterReport> {
    const { clock, reader, openPlain } = this.#options;
    return makeReport({
      ...{ clock, reader, seconds: REPORT_SECONDS, open: openPlain },
      browser: globalThis.navigator?.userAgent ?? '',
      date: new Date().toISOString().slice(0, 10),
      tell: (report, doing) => {
        const rows = report.families.flatMap(({ kernels }) => kernels);
        const sum = (of: 'done' | 'of') => rows.reduce((all, row) => all + row[of], 0);
        tell({ done: sum('done'), total: sum('of'), report, doing });
      },
    });
  }
}

function machineOf(gpu: Gpu): Machine {
  const { name, software, profile, features } = gpu.info;
  return {
    ...{ name, software, profile, timestamps: features.includes('timestamp-query') },
    running: Object.fromEntries(
      ENTRIES.map(({ id, tuned }) => [id, tuned ? chooseVariant(gpu, tuned) : ONLY]),
    ),
  };
}
