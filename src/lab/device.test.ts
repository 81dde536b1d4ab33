import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { SessionDevice } from './device.ts';
import { NotBack } from './loss.ts';
import { type FakeGpu, fakeGpu, settled } from './testing/fake-gpu.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const refusal = () =>
  new BatonError({ kind: 'NoWebGpu', message: 'It found no adapter', remedy: 'Turn it on.' });

/** A session's device over a driver that gives fakes, or refuses while `gone`. */
function make(tune?: (gpu: Gpu) => Promise<unknown>) {
  const devices: FakeGpu[] = [];
  const driver = { gone: false, asked: 0 };
  const told: string[] = [];
  const device = new SessionDevice(
    {
      openGpu: async () => {
        driver.asked += 1;
        if (driver.gone) throw refusal();
        const next = fakeGpu(`device ${devices.length}`);
        devices.push(next);
        return next.gpu;
      },
      ...(tune && { tune }),
    },
    { equip: (gpu) => gpu },
    ({ name }) => told.push(name),
  );
  return { device, devices, driver, told };
}

describe('the device of a session', () => {
  it('is opened once for all who ask', async () => {
    const { device, devices, driver, told } = make();
    const [one, other] = await Promise.all([device.get(), device.get()]);
    expect(one).toBe(devices[0].gpu);
    expect(other).toBe(one);
    expect(driver.asked).toBe(1);
    expect(told).toEqual([]);
  });

  it('is replaced when it is lost, once for all who ask, and the page is told', async () => {
    const { device, devices, driver, told } = make();
    await device.get();
    devices[0].lose();
    const [one, other] = await Promise.all([device.get(), device.get()]);
    expect(one).toBe(devices[1].gpu);
    expect(other).toBe(one);
    expect(driver.asked).toBe(2);
    expect(told).toEqual(['device 1']);
  });

  it('is not touched by what the device before it still says', async () => {
    const { device, devices, driver } = make();
    await device.get();
    devices[0].lose();
    const second = await device.get();
    devices[0].lose();
    devices[0].fail();
    expect(await device.get()).toBe(second);
    expect(driver.asked).toBe(2);
  });

  it('is destroyed and replaced where it lives and cannot be used', async () => {
    const { device, devices } = make();
    await device.get();
    devices[0].fail();
    expect(await device.get()).toBe(devices[1].gpu);
    expect(devices[0].destroyed).toBe(true);
  });

  it('is asked for once more, a moment later, where it is refused after a loss', async () => {
    const { device, devices, driver } = make();
    await device.get();
    devices[0].lose();
    driver.gone = true;
    const asked = device.get();
    await settled();
    expect(driver.asked).toBe(2);
    driver.gone = false;
    await vi.runAllTimersAsync();
    expect(await asked).toBe(devices[1].gpu);
    expect(driver.asked).toBe(3);
  });

  it('is called lost, not missing, where it does not come back; who asks later tries again', async () => {
    const { device, devices, driver } = make();
    await device.get();
    devices[0].lose();
    driver.gone = true;
    const refused = expect(Promise.all([device.get(), device.get()])).rejects.toBeInstanceOf(
      NotBack,
    );
    await vi.runAllTimersAsync();
    await refused;
    expect(driver.asked).toBe(3);
    driver.gone = false;
    expect(await device.get()).toBe(devices[1].gpu);
  });

  it('is missing, and asked for only once, where there never was one', async () => {
    const { device, driver } = make();
    driver.gone = true;
    await expect(device.get()).rejects.toMatchObject({ kind: 'NoWebGpu' });
    expect(driver.asked).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is another where the first is lost while its kernels are chosen, also where that would never end', async () => {
    let tuned = 0;
    const { device, devices } = make(() => {
      tuned += 1;
      return tuned === 1 ? new Promise(() => {}) : Promise.resolve();
    });
    const asked = device.get();
    await settled();
    devices[0].lose();
    await vi.runAllTimersAsync();
    expect(await asked).toBe(devices[1].gpu);
    expect(devices[0].destroyed).toBe(true);
  });
});
