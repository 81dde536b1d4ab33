import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Arm } from './arm.ts';
import { Group } from './group.ts';
import { LostTooOften, NotBack } from './loss.ts';
import { survive } from './recovery.ts';
import { type FakeGpu, fakeGpu } from './testing/fake-gpu.ts';

/** Two arms that note which device they are moved to; devices come from a list that grows as they are asked for. */
function make() {
  const devices: FakeGpu[] = [fakeGpu('device 0')];
  const log: string[] = [];
  /** Called when an arm is moved. */
  const hooks = { onMove: (_to: FakeGpu) => {} };
  const arm = (id: string) =>
    ({
      id,
      reopen: async (gpu: Gpu) => {
        log.push(`${id} to ${gpu.info.name}`);
        hooks.onMove(devices[devices.length - 1]);
      },
    }) as unknown as Arm;
  const group = new Group('group', [arm('a'), arm('b')], devices[0].gpu);
  const device = {
    get: async () => {
      if (devices.at(-1)?.gpu.failure) devices.push(fakeGpu(`device ${devices.length}`));
      return devices[devices.length - 1].gpu;
    },
  };
  const present = () => devices[devices.length - 1];
  return { group, device, devices, present, log, hooks };
}

const BOTH = (at: number) => [`a to device ${at}`, `b to device ${at}`];

describe('work of a group', () => {
  it('is done once where nothing is lost', async () => {
    const { group, device, log } = make();
    let done = 0;
    expect(await survive(group, device, async () => (done += 1))).toBe(1);
    expect(log).toEqual([]);
  });

  it('is done again on another device where that one is lost, after all arms have moved', async () => {
    const { group, device, present, log } = make();
    let done = 0;
    const result = await survive(group, device, async () => {
      done += 1;
      log.push(`work ${done}`);
      if (done === 1) present().lose();
      return done;
    });
    expect(result).toBe(2);
    expect(log).toEqual(['work 1', ...BOTH(1), 'work 2']);
    expect(group.gpu).toBe(present().gpu);
  });

  it('finds its arms moved where the device was lost before it began', async () => {
    const { group, device, present, log } = make();
    present().lose();
    await survive(group, device, async () => log.push('work'));
    expect(log).toEqual([...BOTH(1), 'work']);
  });

  it('begins to move anew where the next device is lost too, and half of the arms were there', async () => {
    const { group, device, devices, present, log, hooks } = make();
    present().lose();
    hooks.onMove = (to) => {
      if (to === devices[1]) to.lose();
    };
    await survive(group, device, async () => log.push('work'));
    // The rest of a move may still go on; the group is not on that device.
    expect(log.filter((line) => !line.endsWith('device 1'))).toEqual([...BOTH(2), 'work']);
    expect(group.gpu).toBe(devices[2].gpu);
  });

  it('is given up after three losses in a row, and later work tries again', async () => {
    const { group, device, present } = make();
    let done = 0;
    const heavy = async () => {
      done += 1;
      present().lose();
    };
    await expect(survive(group, device, heavy)).rejects.toBeInstanceOf(LostTooOften);
    expect(done).toBe(3);
    expect(await survive(group, device, async () => 'light')).toBe('light');
  });

  it('says that there is no device, and goes on once there is one', async () => {
    const { group, device, present, log } = make();
    present().lose();
    const none = { get: () => Promise.reject(new NotBack(new Error('refused'))) };
    await expect(survive(group, none, async () => log.push('work'))).rejects.toBeInstanceOf(
      NotBack,
    );
    expect(log).toEqual([]);
    await survive(group, device, async () => log.push('work'));
    expect(log).toEqual([...BOTH(1), 'work']);
  });

  it('is not done again where the group was stopped, or something else failed', async () => {
    const { group, device, present, log } = make();
    const other = new BatonError({ kind: 'NonFinite', message: 'No number.', remedy: 'None.' });
    await expect(survive(group, device, () => Promise.reject(other))).rejects.toBe(other);
    group.abort.abort();
    present().lose();
    await expect(survive(group, device, async () => {})).rejects.toMatchObject({
      kind: 'DeviceLost',
    });
    expect(log).toEqual([]);
  });
});
