/** Tries a changed kernel: compiled, checked wherever its text is used, and timed against the original. */
import { BatonError } from '../../errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { TEMPLATES } from '../../kernels/templates.ts';
import { sha256Hex } from '../../model/load.ts';
import { type ChangedKernel, formOf } from '../changed-kernels.ts';
import { checkAll } from './checks.ts';
import { type Expansion, problemsOf, type Replacement, withReplacements } from './edits.ts';
import { type Entry, type EntryVariant, entryOf, madeOf } from './entries.ts';
import { ROUNDS, speedOf, timeRivals, withWork } from './measure.ts';
import type { Advance, CaseResult, Edit, Problem, QuestionOf, Trial } from './protocol.ts';

/** What is tried, and what the lab uses beside it. */
type Replacements = readonly [Replacement, ...Replacement[]];

/** Compiles the plainest form of an edited kernel. */
async function compile(gpu: Gpu, make: () => readonly Kernel[], changed: Replacements) {
  const expansions: Expansion[] = [];
  const problems: Problem[] = [];
  await withReplacements(
    changed,
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
  const original = TEMPLATES[file];
  if (original === undefined) throw new RangeError(`There is no file ${file}`);
  return { original, text };
}

/** A changed kernel: compiled, checked against float64 wherever its text is used, and only then timed against the original. */
export async function attempt(
  gpu: Gpu,
  { kernel, variant, edit, beside }: QuestionOf<'try'>,
  clock: () => number,
  tell: (advance: Advance) => void,
): Promise<Trial> {
  const entry = entryOf(kernel);
  const [own, used] = [replacementFor(edit), beside.map(replacementFor)];
  const changed: Replacements = [own, ...used];
  const from = clock();
  const problems = await compile(gpu, () => entry.make(variant), changed);
  const compileMs = clock() - from;
  const refused = { compileMs, problems, cases: [], passed: null, timing: null };
  if (problems.length > 0) return refused;
  // The kernel that the reader looks at comes first.
  const made = madeOf(own.original, gpu.info).sort(
    (a, b) => Number(isThe(b, entry, variant)) - Number(isThe(a, entry, variant)),
  );
  const forms = new Set<string>();
  let cases: CaseResult[];
  try {
    cases = await withReplacements(
      changed,
      () => checkAll(gpu, made, tell),
      (_, constants) => forms.add(formOf(constants)),
    );
  } catch (error) {
    if (!(error instanceof BatonError) || error.kind !== 'ShaderError') throw error;
    const message = `Another form of it does not compile: ${error.detail ?? error.message}`;
    return { ...refused, problems: [{ line: 0, message }] };
  }
  if (cases.length === 0 || cases.some(({ passed }) => !passed)) return { ...refused, cases };
  const passed: ChangedKernel = {
    ...{ file: edit.file, original: own.original, text: edit.text, forms: [...forms] },
    sha256: await sha256Hex(new TextEncoder().encode(edit.text)),
    kernels: [...new Set(made.map((one) => one.entry.id))],
  };
  const timing = await race(gpu, entry, variant, own, used, clock);
  return { ...refused, cases, passed, timing };
}

function isThe(one: EntryVariant, entry: Entry, variant: string): boolean {
  return one.entry === entry && one.variant === variant;
}

/** Times the original and the changed kernel in turn, both with the same bounds on their loops and beside the same others. */
async function race(
  gpu: Gpu,
  entry: Entry,
  variant: string,
  changed: Replacement,
  beside: readonly Replacement[],
  clock: () => number,
): Promise<Trial['timing']> {
  let timing: Trial['timing'] = null;
  let work = '';
  const same = { ...changed, text: changed.original };
  await withReplacements([same, ...beside], () =>
    withWork(gpu, entry, variant, async (original) => {
      work = await withReplacements([changed, ...beside], () =>
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
