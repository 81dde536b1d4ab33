/** What a manifest says of the machine that a run was made on. */
import { afterEach, expect, it, vi } from 'vitest';
import type { DeviceInfo } from '../gpu/adapter.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { parseExperiment } from '../rl/experiment/schema.ts';
import { createManifest } from './manifest.ts';

afterEach(() => vi.unstubAllGlobals());

const info = {
  ...{ name: 'a card', software: false, profile: 'lanes', features: ['subgroups'], subgroup: 32 },
  adapter: { vendor: 'v', architecture: 'a', device: 'd', description: 'a driver' },
  limits: { maxBufferSize: 256, maxStorageBufferBindingSize: 128 },
} as unknown as DeviceInfo;
const gpuOf = (refused: Gpu['refused']) =>
  ({ info, variants: new Map([['sample', 'subgroups']]), refused }) as Gpu;

async function manifestOn(gpu: Gpu) {
  const parsed = parseExperiment({ task: { id: 'chain' }, policy: 'policies/chain-nano' });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const memory = {} as Parameters<typeof createManifest>[4];
  return await createManifest(gpu, parsed.experiment, 'h', {}, memory);
}

it('names the card with its driver, its limits and features, and the browser', async () => {
  vi.stubGlobal('navigator', { userAgent: 'A browser/1.2' });
  expect(await manifestOn(gpuOf(new Map()))).toMatchObject({
    ...{ adapter: 'a card', adapter_info: info.adapter, limits: info.limits },
    ...{ features: ['subgroups'], browser: 'A browser/1.2' },
    variants: { default: 'lanes', sample: 'subgroups' },
  });
});

it('names what the gates refused, and says nothing where they refused nothing', async () => {
  const refused = new Map([['sample', { lanes: 'gives other bits' }]]);
  expect((await manifestOn(gpuOf(refused))).refused_variants).toEqual({
    sample: { lanes: 'gives other bits' },
  });
  expect(await manifestOn(gpuOf(new Map()))).not.toHaveProperty('refused_variants');
});
