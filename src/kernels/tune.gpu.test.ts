import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { nodeGpu } from '../gpu/node.ts';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import {
  recordedAsFavourites,
  tuneVariants,
  type VariantChoice,
  type VariantStore,
} from './tune.ts';
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
  gpu.variants.clear();
  wide.variants.clear();
});

/** A store in memory, with the keys it was asked for. */
function memory(choice: VariantChoice | null = null, build = 'one') {
  const asked: string[] = [];
  const kept = new Map<string, VariantChoice>();
  const store: VariantStore = {
    build,
    get: async (key) => {
      asked.push(key);
      return kept.get(key) ?? choice;
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
  });

  it('gives back every byte it took', async () => {
    const before = device.bytes;
    await tuneVariants(device, shapes, clock);
    expect(device.bytes).toBe(before);
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
    const one = memory({});
    const two = memory({}, 'two');
    await tuneVariants(wide, shapes, clock, one.store);
    await tuneVariants(wide, shapes, clock, two.store);
    await tuneVariants(gpu, shapes, clock, one.store);
    expect(new Set([...one.asked, ...two.asked]).size).toBe(3);
    expect(one.asked[0]).toContain(wide.info.name);
  });

  it.each([
    ['names what does not exist', async () => ({ 'matmul-nt': 'magic' })],
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
