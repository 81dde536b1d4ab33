/** What the Kernels page knows and asks: the list, the kernel that is open, changes to its text, and what the laboratory answered. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ErrorReport, toReport } from '../../errors.ts';
import type { AdapterReport } from '../../lab/adapter-report/schema.ts';
import type { ChangedKernel } from '../../lab/changed-kernels.ts';
import type { KernelLabClient } from '../../lab/kernel-lab/client.ts';
import type {
  Advance,
  CaseResult,
  Catalogue,
  Ceilings,
  KernelEntry,
  KernelVariant,
  Machine,
  StepProfile,
  Trial,
  VariantSpeed,
} from '../../lab/kernel-lab/protocol.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';

/** Milliseconds without a sign of life after which the laboratory's worker is ended. */
export const LIMITS = { check: 90_000, attempt: 120_000, step: 300_000, report: 120_000 } as const;

export interface KernelsState {
  readonly catalogue: Catalogue | null;
  readonly machine: Machine | null;
  readonly open: string;
  /** The variant looked at, by kernel, where a reader chose one. */
  readonly variants: Readonly<Record<string, string>>;
  readonly file: string;
  /** Changed text by file. */
  readonly edits: Readonly<Record<string, string>>;
  /** Places of the sizes that a reader picked, by kernel. */
  readonly picks: Readonly<Record<string, readonly number[]>>;
  readonly checks: Readonly<Record<string, readonly CaseResult[]>>;
  /** By file, of the text that was tried. */
  readonly trials: Readonly<Record<string, { readonly text: string; readonly trial: Trial }>>;
  readonly speeds: Readonly<Record<string, readonly VariantSpeed[]>>;
  readonly step: StepProfile | null;
  readonly ceilings: Ceilings | null;
  /** What the laboratory is doing, in words. */
  readonly busy: string | null;
  /** How far it is, where it says so. */
  readonly advance: Advance | null;
  readonly error: ErrorReport | null;
  /** The report on this adapter: the last one, or the one that grows. */
  readonly report: AdapterReport | null;
  /** What the report is at; null while none is made. */
  readonly reporting: string | null;
  /** Whether the report stands where a kernel does. */
  readonly showsReport: boolean;
}

export interface Kernels {
  readonly store: StoreApi<KernelsState>;
  load(): void;
  /** Opens a kernel, at the variant that this file is of. */
  show(id: string, file?: string): void;
  showVariant(variant: string): void;
  showFile(file: string): void;
  edit(text: string): void;
  revert(): void;
  pick(place: number, on: boolean): void;
  check(): void;
  /** Tries the edit of the open file, beside the changed kernels that the lab uses. */
  attempt(inLab: readonly ChangedKernel[]): void;
  time(): void;
  measure(experiment: Experiment): void;
  /** Makes a report on the adapter, and shows it as it grows. */
  checkAdapter(): void;
  showReport(): void;
  stop(): void;
}

export function entryIn(state: KernelsState): KernelEntry | null {
  return state.catalogue?.kernels.find(({ id }) => id === state.open) ?? null;
}

/** The variant that is shown: the chosen one, the one that runs here, or the first. */
export function variantIn(state: KernelsState): KernelVariant | null {
  const entry = entryIn(state);
  if (!entry) return null;
  const name = state.variants[entry.id] ?? state.machine?.running[entry.id];
  return entry.variants.find((variant) => variant.name === name) ?? entry.variants[0];
}

/** The three smallest, where nothing was picked: they come first. */
export function picksIn(state: KernelsState): readonly number[] {
  const entry = entryIn(state);
  if (!entry) return [];
  return state.picks[entry.id] ?? [0, 1, 2].filter((place) => place < entry.cases.length);
}

/** A check's results belong to a kernel and a variant. */
export function checkKey(id: string, variant: string): string {
  return `${id} ${variant}`;
}

export function createKernels(client: KernelLabClient): Kernels {
  const store = createStore<KernelsState>(() => ({
    ...{ catalogue: null, machine: null, open: 'matmul-nt', variants: {}, file: '', edits: {} },
    ...{ picks: {}, checks: {}, trials: {}, speeds: {}, step: null, ceilings: null },
    ...{
      busy: null,
      advance: null,
      error: null,
      report: null,
      reporting: null,
      showsReport: false,
    },
  }));
  const { getState, setState } = store;

  /** Does one thing at a time; what goes wrong is shown and changes nothing else. */
  async function doing(busy: string, work: () => Promise<Partial<KernelsState>>): Promise<void> {
    if (getState().busy !== null) return;
    setState({ busy, advance: null, error: null });
    try {
      setState({ ...(await work()), busy: null });
    } catch (error) {
      setState({ error: toReport(error), busy: null });
    }
  }
  const onAdvance = (advance: Advance) => setState({ advance });
  /** Shows the first file of the variant that is shown. */
  const settle = () => setState((state) => ({ file: variantIn(state)?.files[0] ?? '' }));
  /** Opens the device; what runs on it is shown from then on, unless a reader has begun to change what is open. */
  const opened = async () => {
    if (getState().machine) return;
    const machine = await client.ask<'open'>({ type: 'open' }, LIMITS.attempt);
    const { open, edits, file, variants } = getState();
    const looked = variantIn(getState());
    const changing = edits[file] !== undefined && looked !== null;
    setState({ machine, ...(changing && { variants: { ...variants, [open]: looked.name } }) });
    if (!changing) settle();
  };
  const shown = () => {
    const [entry, variant] = [entryIn(getState()), variantIn(getState())];
    return entry && variant ? { entry, variant } : null;
  };

  return {
    store,
    load: () => {
      if (getState().catalogue) return;
      void doing('Reading the kernels', async () => ({
        catalogue: await client.ask<'catalogue'>({ type: 'catalogue' }, LIMITS.check),
      })).then(settle);
    },
    show: (open, file) => {
      setState({ open, error: null, showsReport: false });
      const of = file && entryIn(getState())?.variants.find(({ files }) => files.includes(file));
      if (of) setState(({ variants }) => ({ variants: { ...variants, [open]: of.name } }));
      settle();
      if (of) setState({ file });
    },
    showVariant: (variant) => {
      setState(({ variants, open }) => ({ variants: { ...variants, [open]: variant } }));
      settle();
    },
    showFile: (file) => setState({ file }),
    edit: (text) =>
      setState(({ edits, file, catalogue }) => {
        const { [file]: _, ...others } = edits;
        return { edits: text === catalogue?.files[file] ? others : { ...edits, [file]: text } };
      }),
    revert: () =>
      setState(({ edits, trials, file }) => {
        const { [file]: _, ...others } = edits;
        const { [file]: __, ...rest } = trials;
        return { edits: others, trials: rest };
      }),
    pick: (place, on) =>
      setState((state) => {
        const left = picksIn(state).filter((known) => known !== place);
        const next = on ? [...left, place].sort((a, b) => a - b) : left;
        return { picks: { ...state.picks, [state.open]: next } };
      }),
    check: () =>
      void doing('Checking against float64', async () => {
        await opened();
        const now = shown();
        if (!now) return {};
        const { entry, variant } = now;
        const ask = { kernel: entry.id, variant: variant.name, cases: picksIn(getState()) };
        const question = { type: 'check', ...ask } as const;
        const results = await client.ask<'check'>(question, LIMITS.check, onAdvance);
        const key = checkKey(entry.id, variant.name);
        return { checks: { ...getState().checks, [key]: results } };
      }),
    attempt: (inLab) =>
      void doing('Compiling, checking and timing your edit', async () => {
        const { file, edits, trials } = getState();
        const now = shown();
        const text = edits[file];
        if (!now || text === undefined) return {};
        await opened();
        const { entry, variant } = now;
        const beside = inLab.flatMap((other) =>
          other.file === file ? [] : [{ file: other.file, text: other.text }],
        );
        const ask = { kernel: entry.id, variant: variant.name, edit: { file, text }, beside };
        const trial = await client.ask<'try'>({ type: 'try', ...ask }, LIMITS.attempt, onAdvance);
        return { trials: { ...trials, [file]: { text, trial } } };
      }),
    time: () =>
      void doing('Timing the variants', async () => {
        await opened();
        const { open, speeds } = getState();
        const found = await client.ask<'variants'>(
          { type: 'variants', kernel: open },
          LIMITS.attempt,
          onAdvance,
        );
        const ceilings = await client.ask<'ceilings'>({ type: 'ceilings' }, LIMITS.attempt);
        return { speeds: { ...speeds, [open]: found }, ceilings };
      }),
    measure: (experiment) =>
      void doing('Measuring one training step', async () => {
        await opened();
        const question = { type: 'step', experiment } as const;
        const step = await client.ask<'step'>(question, LIMITS.step, onAdvance);
        setState({ step });
        const ceilings = await client.ask<'ceilings'>({ type: 'ceilings' }, LIMITS.attempt);
        return { ceilings };
      }),
    showReport: () => setState({ showsReport: true, error: null }),
    checkAdapter: () =>
      void doing('Checking this adapter', async () => {
        setState({ report: null, reporting: '', showsReport: true });
        const grow = (advance: Advance) => {
          const { report = getState().report, doing: reporting = '' } = advance;
          setState({ advance, report, reporting });
        };
        const question = { type: 'report' } as const;
        try {
          const report = await client.ask<'report'>(question, LIMITS.report, grow);
          return { report, reporting: null };
        } catch (error) {
          // Whatever ended the worker, what was found until then is worth sending.
          const { kind, message } = toReport(error);
          const { report } = getState();
          const kept = report && { ...report, ended: kind === 'Cancelled' ? 'stopped' : message };
          setState({ report: kept, reporting: null });
          throw error;
        }
      }),
    stop: () => client.stop(),
  };
}
