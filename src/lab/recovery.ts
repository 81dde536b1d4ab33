/** How a group of runs outlives its device: another is opened, every run is brought to where it was, and the work is done again. */

import type { SessionDevice } from './device.ts';
import type { Group } from './group.ts';
import { isLoss, LostTooOften, MAX_LOSSES } from './loss.ts';
import { whileAlive } from './while-alive.ts';

/**
 * Does work of a group's arms. Only to be used in a turn of the group, so that one recovery goes on at a time.
 * @param work is done again from its beginning after a loss; it finds all arms as they were when it began
 * @throws NotBack, LostTooOften, and what `work` throws
 */
export async function survive<T>(
  group: Group,
  device: Pick<SessionDevice, 'get'>,
  work: () => Promise<T>,
): Promise<T> {
  const { signal } = group.abort;
  for (let losses = 0; ; ) {
    try {
      if (group.gpu.failure && !signal.aborted) await moveTo(group, device);
      return await whileAlive(group.gpu, work);
    } catch (error) {
      if (!isLoss(error) || signal.aborted) throw error;
      losses += 1;
      if (losses > MAX_LOSSES) throw new LostTooOften(losses, error);
    }
  }
}

/** Puts all arms on the device in use. Until that has succeeded the group stays on its old one, and the next work tries it again. */
async function moveTo(group: Group, device: Pick<SessionDevice, 'get'>): Promise<void> {
  const gpu = await device.get();
  await whileAlive(gpu, async () => {
    for (const arm of group.arms) await arm.reopen(gpu, group.abort.signal);
  });
  group.gpu = gpu;
}
