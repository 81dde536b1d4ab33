/** What the page shows of a profiled step: shares by kernel, phases, and the marks of the timeline. */
import type { KernelEntry, Phase, StepProfile } from '../../lab/kernel-lab/protocol.ts';

/** Time and work of one kernel in the step. */
export interface KernelShare {
  readonly share: number;
  /** Where this is less than `unseen`, all that is known is that it is less. */
  readonly ms: number;
  /** Milliseconds that the clock cannot tell from nothing: its step, and for many dispatches the errors of as many readings, which partly cancel. */
  readonly unseen: number;
  readonly dispatches: number;
  readonly gflops: number;
  readonly gbs: number;
  /** Operations a byte. */
  readonly intensity: number;
}

export function sharesOf(
  profile: StepProfile,
  kernels: readonly KernelEntry[],
): ReadonlyMap<string, KernelShare> {
  const total = profile.dispatches.reduce((sum, { ms }) => sum + ms, 0);
  const shares = new Map<string, KernelShare>();
  for (const { id, kernels: names } of kernels) {
    const own = profile.dispatches.filter(({ kernel }) => names.includes(kernel));
    if (own.length === 0) continue;
    const sum = (of: 'ms' | 'flop' | 'bytes') => own.reduce((all, step) => all + step[of], 0);
    const [ms, flop, bytes] = [sum('ms'), sum('flop'), sum('bytes')];
    const unseen = profile.clockStep * Math.sqrt(own.length);
    shares.set(id, {
      ...{ ms, unseen, dispatches: own.length, share: total > 0 ? ms / total : 0 },
      gflops: ms > unseen ? flop / ms / 1e6 : 0,
      gbs: ms > unseen ? bytes / ms / 1e6 : 0,
      intensity: bytes > 0 ? flop / bytes : 0,
    });
  }
  return shares;
}

/** A stretch of the timeline, from 0 to 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface PhaseStretch extends Stretch {
  readonly phase: Phase;
  readonly ms: number;
}

export interface Timeline {
  readonly ms: number;
  readonly phases: readonly PhaseStretch[];
  /** Dispatches of the marked kernel; neighbours that would be drawn as one are one. */
  readonly marked: readonly Stretch[];
  /** Every dispatch, joined in the same way. */
  readonly all: readonly Stretch[];
}

/** Narrower gaps are not seen. */
const SEEN = 1 / 1500;

function joined(stretches: readonly Stretch[]): Stretch[] {
  const out: { from: number; to: number }[] = [];
  for (const { from, to } of stretches) {
    const last = out.at(-1);
    if (last && from - last.to < SEEN && to - last.from < 8 * SEEN) last.to = to;
    else out.push({ from, to });
  }
  return out;
}

/** Phases take turns where a batch has several parts; each is gathered into one stretch, in the order of a step. */
export function timelineOf(profile: StepProfile, marked: readonly string[]): Timeline {
  const order: readonly Phase[] = ['sample', 'forward', 'backward', 'update'];
  const steps = order.flatMap((phase) => profile.dispatches.filter((step) => step.phase === phase));
  const ms = steps.reduce((sum, step) => sum + step.ms, 0);
  const phases: PhaseStretch[] = [];
  const stretches: (Stretch & { kernel: string })[] = [];
  let at = 0;
  for (const step of steps) {
    const from = at;
    at += ms > 0 ? step.ms / ms : 0;
    stretches.push({ from, to: at, kernel: step.kernel });
    const last = phases.at(-1);
    if (last?.phase === step.phase)
      phases[phases.length - 1] = { ...last, to: at, ms: last.ms + step.ms };
    else phases.push({ phase: step.phase, from, to: at, ms: step.ms });
  }
  return {
    ms,
    phases,
    marked: joined(stretches.filter(({ kernel }) => marked.includes(kernel))),
    all: joined(stretches),
  };
}

export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toPrecision(3)} s`;
  return `${ms >= 100 ? Math.round(ms) : ms.toPrecision(3)} ms`;
}
