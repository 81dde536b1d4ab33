/** Devices for tests whose kernels are all of one family, whatever the adapter would choose. */
import { afterAll } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import { supportsVariant, VARIANTS } from '../variants.ts';

/** `subgroups` is the family of GPUs too; a kernel that has no such variant takes its plain one, `lanes`. */
type Family = 'scalar' | 'lanes' | 'subgroups';

/** A device of one family, destroyed at the end of the file; null where the adapter has no subgroups. */
export function familyGpu(family: 'scalar' | 'lanes'): Promise<Gpu>;
export function familyGpu(family: Family): Promise<Gpu | null>;
export async function familyGpu(family: Family): Promise<Gpu | null> {
  const gpu = await Gpu.open(nodeGpu(), {
    clock: () => performance.now(),
    profile: family === 'scalar' ? 'scalar' : 'lanes',
  });
  afterAll(() => gpu.destroy());
  if (family !== 'subgroups') return gpu;
  if (!supportsVariant(gpu.info, family)) return null;
  for (const [kernel, known] of Object.entries(VARIANTS)) {
    if ((known as readonly string[]).includes(family)) gpu.variants.set(kernel, family);
  }
  return gpu;
}
