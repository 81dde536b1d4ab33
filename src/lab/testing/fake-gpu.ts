/** For tests: a device that is lost on command and computes nothing. */
import { BatonError, type ErrorKind } from '../../errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';

export interface FakeGpu {
  /** The same object, as what is tested takes it. */
  readonly gpu: Gpu;
  /** The device is gone. */
  lose(): void;
  /** The device lives, and cannot be used any more. */
  fail(): void;
  destroyed: boolean;
  /** How many wait to hear that it is gone. */
  readonly listeners: number;
}

export function fakeGpu(name = 'fake'): FakeGpu {
  const listeners = new Set<(error: BatonError) => void>();
  let failure: BatonError | null = null;
  const failed = (kind: ErrorKind) => {
    failure ??= new BatonError({ kind, message: `${kind} of ${name}`, remedy: 'None.' });
    return failure;
  };
  const gpu = {
    info: { name, software: true, profile: 'scalar', features: [], limits: {} },
    get failure() {
      return failure;
    },
    assertAlive() {
      if (failure) throw failure;
    },
    onLost(listener: (error: BatonError) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      fake.destroyed = true;
    },
  };
  const fake = {
    gpu: gpu as unknown as Gpu,
    lose: () => {
      const error = failed('DeviceLost');
      for (const listener of [...listeners]) listener(error);
    },
    fail: () => void failed('GpuError'),
    destroyed: false,
    get listeners() {
      return listeners.size;
    },
  };
  return fake;
}

/** Resolves after all that is under way and waits for nothing. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
