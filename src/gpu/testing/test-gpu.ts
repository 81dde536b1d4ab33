/** A device for kernel tests on Node: one per test file, destroyed at its end so that the process can exit. */
import { afterAll } from 'vitest';
import { Gpu } from '../gpu.ts';
import { nodeGpu } from '../node.ts';

/** Opens a device. BATON_LIMITS=default asks for nothing beyond WebGPU's guaranteed limits; BATON_PROFILE forces a profile. */
export async function testGpu(): Promise<Gpu> {
  const profile = process.env.BATON_PROFILE;
  const gpu = await Gpu.open(nodeGpu(), {
    clock: () => performance.now(),
    limits: process.env.BATON_LIMITS === 'default' ? 'default' : 'adapter',
    ...(profile === 'scalar' || profile === 'lanes' ? { profile } : {}),
  });
  afterAll(() => gpu.destroy());
  return gpu;
}
