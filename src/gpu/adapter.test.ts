/** Opening a device on adapters that offer more than their driver gives. Real adapters open in every GPU test. */
import { describe, expect, it } from 'vitest';
import { openDevice } from './adapter.ts';

const OFFERED = {
  maxBufferSize: 2 ** 34,
  maxStorageBufferBindingSize: 2 ** 32,
  maxStorageBuffersPerShaderStage: 16,
  maxComputeWorkgroupStorageSize: 65_536,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupSizeX: 1024,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const GUARANTEED = { ...OFFERED, maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };

type Wishes = { requiredFeatures: string[]; requiredLimits: Record<string, number> };

/** WebGPU whose adapters each give one device at most, and none where `refuses` says so. */
function madeUp(refuses: (wishes: Wishes) => boolean) {
  const asked: Wishes[] = [];
  const requestAdapter = async () => {
    let used = false;
    return {
      info: { vendor: 'acme', architecture: 'one', subgroupMinSize: 32 },
      features: new Set(['subgroups', 'shader-f16']),
      limits: OFFERED,
      requestDevice: async (wishes: Wishes) => {
        if (used) throw new Error('the adapter is used up');
        used = true;
        asked.push(wishes);
        if (refuses(wishes)) throw new Error('no such limits');
        return { limits: { ...GUARANTEED, ...wishes.requiredLimits } };
      },
    };
  };
  return { gpu: { requestAdapter } as unknown as GPU, asked };
}

const asksFor = ({ requiredLimits, requiredFeatures }: Wishes) =>
  Object.keys(requiredLimits).length + requiredFeatures.length;

describe('openDevice', () => {
  it('takes all that the adapter offers where it gets it', async () => {
    const { gpu, asked } = madeUp(() => false);
    const { info } = await openDevice(gpu);
    expect(info).toMatchObject({ adapter: { vendor: 'acme', architecture: 'one' } });
    expect(info).toMatchObject({ limits: OFFERED, features: ['subgroups', 'shader-f16'] });
    expect(info.subgroup).toBe(32);
    expect(asked).toHaveLength(1);
  });

  it('asks once more for the guaranteed limits where a device with all of them is refused', async () => {
    const { gpu, asked } = madeUp((wishes) => asksFor(wishes) > 0);
    const { info } = await openDevice(gpu);
    expect(asked.map((wishes) => asksFor(wishes) > 0)).toEqual([true, false]);
    expect(info).toMatchObject({ limits: GUARANTEED, features: [], subgroup: 0 });
  });

  it('says so, with the reason, where both are refused', async () => {
    const { gpu, asked } = madeUp(() => true);
    await expect(openDevice(gpu)).rejects.toMatchObject({
      kind: 'NoWebGpu',
      detail: expect.stringContaining('no such limits'),
    });
    expect(asked).toHaveLength(2);
  });

  it('asks once where the guaranteed limits were wanted in the first place', async () => {
    const { gpu, asked } = madeUp(() => true);
    await expect(openDevice(gpu, { limits: 'default' })).rejects.toMatchObject({
      kind: 'NoWebGpu',
    });
    expect(asked.map(asksFor)).toEqual([0]);
  });
});
