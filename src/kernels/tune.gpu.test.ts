import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { outOfMemory } from '../gpu/gpu-errors.ts';
import { nodeGpu } from '../gpu/node.ts';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { type Decision, recordedAsFavourites, tuneVariants, type VariantStore } from './tune.ts';
import { gateCases, passGate } from './tune-gate.ts';
import {
  chooseVariant,
  familyOf,
  forceVariants,
  isVariant,
  supportsVariant,
  VARIANTS,
  type VariantKernel,
} from './variants.ts';
import { prepareWork } from './workloads.ts';

const gpu = await testGpu();
const wide = await Gpu.open(nodeGpu(), {
  clock: () => performance.now(),
  limits: process.env.BATON_LIMITS === 'default' ? 'default' : 'adapter',
  profile: 'lanes',
});
afterAll(() => wide.destroy());
const clock = () => performance.now();
const square = { m: 64, n: 64, k: 64 };
const shapes = { nt: square, nn: square, tn: square };
const KERNELS = Object.keys(VARIANTS) as VariantKernel[];

beforeEach(() => {
  for (const { variants, refused } of [gpu, wide]) {
    variants.clear();
    refused.clear();
  }
});

const NOTHING: Decision = { variants: {}, refused: {} };

/** A store in memory, with the keys it was asked for. */
function memory(decision: Decision | null = null, build = 'one') {
  const asked: string[] = [];
  const kept = new Map<string, Decision>();
  const store: VariantStore = {
    build,
    get: async (key) => {
      asked.push(key);
      return kept.get(key) ?? decision;
    },
    set: async (key, value) => void kept.set(key, value),
  };
  return { store, asked, kept };
}

/** A device whose numbers all come back wrong. */
async function misreading<T>(device: Gpu, work: () => Promise<T>): Promise<T> {
  const read = device.readWords.bind(device);
  device.readWords = async (slice) => (await read(slice)).map((word) => word ^ 0x00400000);
  try {
    return await work();
  } finally {
    device.readWords = read;
  }
}

describe.each([
  ['its own profile', gpu],
  ['the profile of GPUs', wide],
])('the tuner, under %s', (_name, device) => {
  it('records ahead what the gates then let through, what was forced too, and leaves no choice behind', async () => {
    gpu.variants.set('matmul-tn', 'scalar');
    const chosen = () => KERNELS.map((kernel) => [kernel, chooseVariant(gpu, kernel)]);
    const ahead = recordedAsFavourites(gpu, chosen);
    expect([...gpu.variants]).toEqual([['matmul-tn', 'scalar']]);
    await tuneVariants(gpu, shapes, clock);
    expect(ahead).toEqual(chosen());
    expect(() =>
      recordedAsFavourites(gpu, () => {
        throw new Error('recording');
      }),
    ).toThrow('recording');
    expect(chosen()).toEqual(ahead);
  });

  it('sets only variants that exist, that the device can compile, and that belong to its family', async () => {
    const chosen = await tuneVariants(device, shapes, clock);
    expect(new Map(device.variants)).toEqual(new Map(chosen));
    for (const [kernel, variant] of chosen) {
      expect(isVariant(kernel, variant)).toBe(true);
      expect(supportsVariant(device.info, variant)).toBe(true);
      expect(familyOf(variant)).toBe(device.info.profile);
    }
    if (device.info.profile === 'scalar' && device.info.features.includes('subgroups')) {
      const narrow = device.device.adapterInfo.subgroupMaxSize <= 4;
      expect(chosen.get('matmul-nt')).toBe(narrow ? 'quads' : 'octets');
      expect(chosen.get('attention-forward')).toBe(narrow ? 'rows' : 'neighbours');
    }
  });

  it('leaves what was set before as it is', async () => {
    device.variants.set('matmul-nt', 'scalar');
    const chosen = await tuneVariants(device, shapes, clock);
    expect(chosen.has('matmul-nt')).toBe(false);
    expect(device.variants.get('matmul-nt')).toBe('scalar');
  });

  it('falls back to the plain kernel where the numbers of a variant are wrong', async () => {
    await misreading(device, () => tuneVariants(device, shapes, clock));
    for (const kernel of KERNELS) expect(device.variant(kernel)).toBe('scalar');
    const refused = Object.entries(device.refused.get('matmul-nt') ?? {});
    // A software adapter with the guaranteed limits has no rival to the plain kernel.
    const rivals = VARIANTS['matmul-nt'].filter(
      (v) =>
        v !== 'scalar' && familyOf(v) === device.info.profile && supportsVariant(device.info, v),
    );
    expect(refused.length > 0).toBe(rivals.length > 0);
    for (const [variant, why] of refused.slice(0, 1)) {
      expect(familyOf(variant)).toBe(device.info.profile);
      expect(why).toMatch(/^wrong at nt 131 x 36/);
    }
  });

  it('gives back every byte it took', async () => {
    const before = device.bytes;
    await tuneVariants(device, shapes, clock);
    expect(device.bytes).toBe(before);
  });
});

/**
 * Has a variant's products come back with the last bit of their first number changed, which no tolerance notices.
 * @param least bytes of the products that are meant
 */
async function rounding<T>(
  device: Gpu,
  variant: string,
  work: () => Promise<T>,
  least = 0,
): Promise<T> {
  const { bindGroup, readWords } = device;
  const buffers = new Set<GPUBuffer>();
  device.bindGroup = (kernel, uniform, slices) => {
    if (kernel.variant === variant && slices[2].size >= least) buffers.add(slices[2].buffer);
    return bindGroup.call(device, kernel, uniform, slices);
  };
  device.readWords = async (slice) => {
    const words = await readWords.call(device, slice);
    if (buffers.has(slice.buffer)) words[0] ^= 1;
    return words;
  };
  try {
    return await work();
  } finally {
    Object.assign(device, { bindGroup, readWords });
  }
}

describe('the gate', () => {
  const pass = () => passGate(wide, ['matmul-nt'], ['lanes', 'lanes32'], async () => true);

  it('refuses a variant that gives other bits than its family, though each number is near enough', async () => {
    const verdicts = await rounding(wide, 'lanes32', pass);
    expect([...verdicts]).toEqual([
      ['lanes', null],
      ['lanes32', 'gives other bits than lanes at nt 131 x 36, sums of 20'],
    ]);
    expect([...(await pass()).values()]).toEqual([null, null]);
  });

  it('compares bits in the large case too', async () => {
    const { info } = wide;
    // As on a GPU: a software adapter is not asked for the large case.
    Object.assign(wide, { info: { ...info, software: false } });
    try {
      const verdicts = await rounding(wide, 'lanes32', pass, 1027 * 1028 * 4);
      expect([...verdicts]).toEqual([
        ['lanes', null],
        ['lanes32', expect.stringMatching(/^gives other bits than lanes at nt 1027 x 1028/)],
      ]);
    } finally {
      Object.assign(wide, { info });
    }
  });

  it('does not refuse a variant where memory ends, but ends itself', async () => {
    const allocating = vi.spyOn(wide, 'allocating').mockRejectedValueOnce(outOfMemory('a', 1, 0));
    await expect(pass()).rejects.toMatchObject({ kind: 'OutOfMemory' });
    allocating.mockRestore();
    expect([...(await pass()).values()]).toEqual([null, null]);
  });

  it('has a case of 1,024 and more for products, on GPUs only', () => {
    const labels = (software: boolean) =>
      gateCases({ software }, 'matmul-tn', 'lanes').map(({ label }) => label);
    expect(labels(true)).toHaveLength(1);
    expect(labels(false)[1]).toMatch(/^tn 1028 x 1036/);
  });

  it.each(['matmul-nt', 'matmul-few', 'attention-forward'] as const)(
    'has a case of halves with outliers for %s, on GPUs only',
    (kernel) => {
      const outliers = (software: boolean) =>
        gateCases({ software }, kernel, 'lanes').filter(({ label }) => label.includes('outliers'));
      expect(outliers(true)).toEqual([]);
      expect(outliers(false)).toHaveLength(1);
    },
  );

  it('refuses a variant that loses an outlier', async () => {
    const { info, readWords } = wide;
    Object.assign(wide, { info: { ...info, software: false } });
    // Halves of a thousand and more come back as zeros. Only what has an outlier in it is so large.
    wide.readWords = async (slice) => {
      const words = await readWords.call(wide, slice);
      return slice.half ? words.map((word) => ((word & 0x7c00) >= 0x6400 ? 0 : word)) : words;
    };
    try {
      const verdicts = await pass();
      for (const why of verdicts.values()) expect(why).toMatch(/^wrong at nt 65 x 68.*outliers/);
    } finally {
      Object.assign(wide, { info, readWords });
    }
  });
});

describe('a store of choices', () => {
  it('keeps what was measured, and the next start uses it without running anything', async () => {
    const { store, kept } = memory();
    await tuneVariants(wide, shapes, clock, store);
    expect(kept.size).toBe(1);
    const first = new Map(wide.variants);
    wide.variants.clear();
    const forget = wide.observe(async () => {
      throw new Error('ran something');
    });
    try {
      await tuneVariants(wide, shapes, clock, store);
    } finally {
      forget();
    }
    expect(new Map(wide.variants)).toEqual(first);
  });

  it('is asked by adapter, profile and build, so that another build measures again', async () => {
    const one = memory(NOTHING);
    const two = memory(NOTHING, 'two');
    await tuneVariants(wide, shapes, clock, one.store);
    await tuneVariants(wide, shapes, clock, two.store);
    await tuneVariants(gpu, shapes, clock, one.store);
    expect(new Set([...one.asked, ...two.asked]).size).toBe(3);
    expect(one.asked[0]).toContain(wide.info.name);
  });

  it('does not take what another card of the same name decided, whose limits or driver differ', async () => {
    const { store, asked } = memory(NOTHING);
    const { info } = wide;
    const asIf = async (change: Partial<Gpu['info']>) => {
      Object.assign(wide, { info: { ...info, ...change } });
      await tuneVariants(wide, shapes, clock, store);
    };
    try {
      await asIf({});
      await asIf({});
      expect(new Set(asked).size).toBe(1);
      await asIf({ limits: { ...info.limits, maxBufferSize: info.limits.maxBufferSize - 4 } });
      await asIf({ adapter: { ...info.adapter, description: 'another driver' } });
    } finally {
      Object.assign(wide, { info });
    }
    expect(new Set(asked).size).toBe(3);
  });

  it.each([
    ['names what does not exist', async () => ({ ...NOTHING, variants: { 'matmul-nt': 'magic' } })],
    ['cannot be read', () => Promise.reject(new Error('no disk'))],
  ])('is not believed where it %s', async (_why, get) => {
    const store = { ...memory().store, get };
    await tuneVariants(gpu, shapes, clock, store);
    for (const [kernel, variant] of gpu.variants) expect(isVariant(kernel, variant)).toBe(true);
    expect(gpu.variants.get('matmul-nt')).not.toBe('magic');
  });

  it('does not keep a choice that was partly forced', async () => {
    const { store, kept } = memory();
    gpu.variants.set('matmul-nt', 'scalar');
    await tuneVariants(gpu, shapes, clock, store);
    expect(kept.size).toBe(0);
  });
});

describe('a replay', () => {
  it('forces what its manifest names and says what is not to be had', () => {
    const problems = forceVariants(gpu, {
      default: 'scalar',
      'attention-forward': 'lanes',
      'matmul-nt': 'magic',
      unknown: 'scalar',
      toString: 'scalar',
    });
    expect(problems).toEqual(['magic of matmul-nt', 'scalar of unknown', 'scalar of toString']);
    expect([...gpu.variants]).toEqual([['attention-forward', 'lanes']]);
  });

  it('forces subgroups where the device has them, and says so where it has not', () => {
    const has = wide.info.features.includes('subgroups');
    const problems = forceVariants(wide, { default: 'lanes', sample: 'subgroups' });
    expect(problems).toEqual(has ? [] : ['subgroups of sample']);
    expect(chooseVariant(wide, 'sample')).toBe(has ? 'subgroups' : 'lanes');
  });

  it('says when the device has another profile', () => {
    expect(forceVariants(wide, { default: 'scalar' })).toEqual(['profile scalar']);
  });
});

it.each(KERNELS)('has typical work for %s, which runs in every variant', async (kernel) => {
  for (const variant of VARIANTS[kernel]) {
    if (!supportsVariant(gpu.info, variant)) continue;
    gpu.variants.set(kernel, variant);
    // Few rows stay in the family of many.
    if (kernel === 'matmul-few') gpu.variants.set('matmul-nt', familyOf(variant));
    const work = await prepareWork(gpu, kernel, shapes);
    const own = work.recording.steps.filter((step) => step.kernel.variant === variant);
    expect(own.length).toBeGreaterThan(0);
    await gpu.replay(work.recording);
    await gpu.idle();
    work.destroy();
  }
});
