/** Answers the Kernels page's questions on a GPU device of its own. One question at a time. */
import { BatonError } from '../../errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { Kernel } from '../../gpu/recording.ts';
import { runCase } from '../../kernels/checking/check.ts';
import { chooseVariant } from '../../kernels/variants.ts';
import type { FileReader } from '../../model/load.ts';
import { catalogue, FILES } from './catalogue.ts';
import { type Expansion, problemsOf, type Replacement, withReplacement } from './edits.ts';
import { casesOf, ENTRIES, type Entry, entryOf, ONLY } from './entries.ts';
import { measureCeilings, ROUNDS, speedOf, timeRivals, timeVariants, withWork } from './measure.ts';
import type {
  CaseResult,
  Ceilings,
  Edit,
  Machine,
  Problem,
  Question,
  QuestionOf,
  Talk,
  Trial,
} from './protocol.ts';
import { profileStep } from './step-profile.ts';

export interface KernelLabOptions {
  /** Opens the device, with its variants chosen as the lab chooses them. */
  readonly openGpu: () => Promise<Gpu>;
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

  /** @throws NoWebGpu, DeviceLost, ShaderError, OutOfMemory; BadFile and BadConfig for a step */
  async answer(question: Question): Promise<Talk[keyof Talk]['answer']> {
    if (question.type === 'catalogue') return catalogue();
    this.#gpu ??= this.#options.openGpu();
    const gpu = await this.#gpu;
    const { clock, reader } = this.#options;
    switch (question.type) {
      case 'open':
        return machineOf(gpu);
      case 'check':
        return check(gpu, entryOf(question.kernel), question.variant, question.cases, false);
      case 'try':
        return attempt(gpu, question, clock);
      case 'variants':
        return timeVariants(gpu, entryOf(question.kernel), clock);
      case 'step':
        return profileStep(gpu, question.experiment, reader(question.experiment.policy), clock);
      case 'ceilings':
        this.#ceilings ??= await measureCeilings(gpu, entryOf('matmul-nt'), clock);
        return this.#ceilings;
      default:
        return question satisfies never;
    }
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

/** Gradients are called so in the checks' own names; two of the matrix products are gradients of the third. */
function isGradient(entry: Entry, output: string): boolean {
  return /^d[A-Zx]/.test(output) || entry.id === 'matmul-nn' || entry.id === 'matmul-tn';
}

/** Runs cases of a kernel's check. @param once ends at the first case that fails: what is wrong may also be slow */
async function check(
  gpu: Gpu,
  entry: Entry,
  variant: string,
  cases: readonly number[],
  once: boolean,
): Promise<CaseResult[]> {
  const known = casesOf(entry);
  const asked = entry.check.variants.includes(variant) ? variant : entry.check.variants[0];
  const results: CaseResult[] = [];
  for (const place of cases) {
    const which = known[place];
    if (!which) throw new RangeError(`${entry.id} has no case ${place}`);
    const found = await runCase(gpu, entry.check, entry.tuned ? asked : runs(gpu, entry), which);
    const outputs = found.map((output) => ({
      ...output,
      gradient: isGradient(entry, output.output),
    }));
    const passed = outputs.every((output) => output.passed);
    results.push({ label: which.label, passed, outputs });
    if (once && !passed) break;
  }
  return results;
}

/** The variant under which a check runs where the kernel itself has only one, and its neighbours several. */
function runs(gpu: Gpu, { check: { kernels, variants } }: Entry): string {
  const [first] = kernels;
  if (first === undefined) return variants[0];
  const set = gpu.variant(first);
  return variants.includes(set) ? set : variants[0];
}

/** Compiles the plainest form of an edited kernel. */
async function compile(gpu: Gpu, make: () => readonly Kernel[], replacement: Replacement) {
  const expansions: Expansion[] = [];
  const problems: Problem[] = [];
  await withReplacement(
    replacement,
    async () => {
      let kernels: readonly Kernel[];
      try {
        kernels = make();
      } catch (error) {
        problems.push(templateProblem(error));
        return;
      }
      for (const [i, kernel] of kernels.entries())
        problems.push(...(await compilerSays(gpu, kernel, expansions[i] ?? expansions[0])));
    },
    (expansion) => expansions.push(expansion),
  );
  return problems;
}

/** What a template that cannot be expanded says of itself. */
function templateProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const line = /^WGSL template, line (\d+): (.*)$/s.exec(message);
  return line ? { line: Number(line[1]), message: line[2] } : { line: 0, message };
}

async function compilerSays(gpu: Gpu, kernel: Kernel, expansion: Expansion): Promise<Problem[]> {
  const { device } = gpu;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: kernel.name, code: kernel.source });
  const info = await module.getCompilationInfo();
  await device.popErrorScope();
  const errors = info.messages.filter(({ type }) => type === 'error');
  const own = kernel.source.split('\n').length - expansion.lines.length;
  if (errors.length > 0) {
    const said = errors.map(({ lineNum, message }) => ({ line: lineNum, message }));
    return problemsOf(said, expansion, Math.max(0, own));
  }
  try {
    await gpu.pipeline(kernel);
    return [];
  } catch (error) {
    const { message, detail = '' } = error as BatonError;
    return [{ line: 0, message: `${message}. ${detail}`.trim() }];
  }
}

function replacementFor({ file, text }: Edit): Replacement {
  const original = FILES[file];
  if (original === undefined) throw new RangeError(`There is no file ${file}`);
  return { original, text };
}

/** A changed kernel: compiled, checked against float64, and only then timed against the original. */
async function attempt(
  gpu: Gpu,
  { kernel, variant, cases, edit }: QuestionOf<'try'>,
  clock: () => number,
): Promise<Trial> {
  const entry = entryOf(kernel);
  const changed = replacementFor(edit);
  const from = clock();
  const problems = await compile(gpu, () => entry.make(variant), changed);
  const compileMs = clock() - from;
  if (problems.length > 0) return { compileMs, problems, cases: [], timing: null };
  let results: CaseResult[];
  try {
    results = await withReplacement(changed, () => check(gpu, entry, variant, cases, true));
  } catch (error) {
    if (!(error instanceof BatonError) || error.kind !== 'ShaderError') throw error;
    const message = `Another form of it does not compile: ${error.detail ?? error.message}`;
    return { compileMs, problems: [{ line: 0, message }], cases: [], timing: null };
  }
  if (results.length === 0 || results.some(({ passed }) => !passed))
    return { compileMs, problems, cases: results, timing: null };
  return {
    ...{ compileMs, problems, cases: results },
    timing: await race(gpu, entry, variant, changed, clock),
  };
}

/** Times the original and the changed kernel in turn, both with the same bounds on their loops. */
async function race(
  gpu: Gpu,
  entry: Entry,
  variant: string,
  changed: Replacement,
  clock: () => number,
): Promise<Trial['timing']> {
  let timing: Trial['timing'] = null;
  let work = '';
  const same = { ...changed, text: changed.original };
  await withReplacement(same, () =>
    withWork(gpu, entry, variant, async (original) => {
      work = await withReplacement(changed, () =>
        withWork(gpu, entry, variant, async (edited) => {
          const [before, after] = await timeRivals(gpu, [original, edited], clock);
          timing = {
            before: speedOf(original, before),
            after: speedOf(edited, after),
            rounds: ROUNDS,
            work: '',
          };
        }),
      );
    }),
  );
  const done = timing as Trial['timing'];
  return done && { ...done, work };
}
