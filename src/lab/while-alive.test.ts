import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatonError } from '../errors.ts';
import { fakeGpu, settled } from './testing/fake-gpu.ts';
import { whileAlive } from './while-alive.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});

describe('work on a device', () => {
  it('gives its result, and leaves nobody waiting at the device', async () => {
    const device = fakeGpu();
    expect(await whileAlive(device.gpu, async () => 7)).toBe(7);
    expect(device.listeners).toBe(0);
  });

  it('does not begin on a device that is gone', async () => {
    const device = fakeGpu();
    device.lose();
    const work = vi.fn(never);
    await expect(whileAlive(device.gpu, work)).rejects.toMatchObject({ kind: 'DeviceLost' });
    expect(work).not.toHaveBeenCalled();
  });

  it('ends with the device, also where it would wait for ever', async () => {
    const device = fakeGpu();
    const ended = expect(whileAlive(device.gpu, never)).rejects.toMatchObject({
      kind: 'DeviceLost',
    });
    device.lose();
    await ended;
    expect(device.listeners).toBe(0);
  });

  it('is told of the loss where something else failed just before the device said that it is gone', async () => {
    const device = fakeGpu();
    const ended = expect(
      whileAlive(device.gpu, async () => {
        throw new Error('mapAsync was aborted');
      }),
    ).rejects.toMatchObject({ kind: 'DeviceLost' });
    await settled();
    device.lose();
    await ended;
  });

  it('fails with its own error where the device lives on', async () => {
    const device = fakeGpu();
    const own = new Error('the receiver is gone');
    const ended = expect(
      whileAlive(device.gpu, async () => {
        throw own;
      }),
    ).rejects.toBe(own);
    await vi.runAllTimersAsync();
    await ended;
    expect(device.listeners).toBe(0);
  });

  it('does not wait for the device where no device causes the failure', async () => {
    const error = new BatonError({ kind: 'BadConfig', message: 'No.', remedy: 'None.' });
    const failed = vi.fn();
    whileAlive(fakeGpu().gpu, () => Promise.reject(error)).catch(failed);
    await settled();
    expect(failed).toHaveBeenCalledWith(error);
  });
});
