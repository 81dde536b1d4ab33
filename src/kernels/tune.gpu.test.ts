import { describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { tuneVariants } from './tune.ts';
import { supportsVariant, VARIANTS, type VariantKernel } from './variants.ts';

const gpu = await testGpu();
const clock = () => performance.now();
const shapes = {
  nt: { m: 64, n: 64, k: 64 },
  nn: { m: 64, n: 64, k: 64 },
  tn: { m: 64, n: 64, k: 64 },
};

describe('the tuner', () => {
  it('sets only variants that exist, that the device can compile, and that belong to its family', async () => {
    const chosen = await tuneVariants(gpu, shapes, clock);
    expect(new Map(gpu.variants)).toEqual(new Map(chosen));
    for (const [kernel, variant] of chosen) {
      expect(VARIANTS[kernel as VariantKernel]).toContain(variant);
      expect(supportsVariant(gpu.info.features, variant)).toBe(true);
      expect(variant.startsWith('lanes')).toBe(gpu.info.profile === 'lanes');
    }
    if (gpu.info.profile === 'scalar' && gpu.info.features.includes('subgroups'))
      expect(chosen.get('matmul-nt')).toBe('quads');
  });

  it('leaves what was set before as it is', async () => {
    gpu.variants.clear();
    gpu.variants.set('matmul-nt', 'scalar');
    const chosen = await tuneVariants(gpu, shapes, clock);
    expect(chosen.has('matmul-nt')).toBe(false);
    expect(gpu.variants.get('matmul-nt')).toBe('scalar');
  });

  it('never uses a variant whose numbers are wrong', async () => {
    gpu.variants.clear();
    const wrong: typeof gpu.readFloats = async (slice) => (await read(slice)).map((x) => x + 1);
    const read = gpu.readFloats.bind(gpu);
    gpu.readFloats = wrong;
    try {
      const chosen = await tuneVariants(gpu, shapes, clock);
      expect([...chosen.keys()].filter((kernel) => kernel.startsWith('matmul'))).toEqual([]);
    } finally {
      gpu.readFloats = read;
    }
  });

  it('gives back every byte it took', async () => {
    gpu.variants.clear();
    const before = gpu.bytes;
    await tuneVariants(gpu, shapes, clock);
    expect(gpu.bytes).toBe(before);
  });
});
