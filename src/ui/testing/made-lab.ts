/** Labs around a fake trainer, closed after each test. */
import { afterEach } from 'vitest';
import { Lab } from '../lab.ts';
import { FakeLab, type FakeLabOptions } from './fake-lab.ts';

let open: Lab | undefined;
afterEach(() => open?.close());

export function makeLab(options: FakeLabOptions = {}) {
  const worker = new FakeLab(options);
  return { lab: labAround(() => worker), worker };
}

/** A lab that gets its trainers, the first and those after one that died, from `spawn`. */
export function labAround(spawn: () => FakeLab): Lab {
  const lab = new Lab({ spawn });
  open = lab;
  return lab;
}

export const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** A lab whose run has done some steps. */
export async function running(steps: number, options?: FakeLabOptions) {
  const made = makeLab(options);
  made.lab.open();
  made.lab.run();
  await settled();
  for (let i = 0; i < steps; i += 1) made.worker.tick();
  return made;
}
