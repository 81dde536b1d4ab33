// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { start } from './start.tsx';
import { FakeLab } from './testing/fake-lab.ts';
import { settled } from './testing/made-lab.ts';

let unmount: (() => void) | undefined;
afterEach(() => {
  // React works on in tasks of its own, which would meet a document that is gone.
  unmount?.();
  vi.unstubAllGlobals();
});

/** Shows the page on a device, and gives what its trainer was told, and its lab. */
async function arrive({ small, webGpu }: { readonly small: boolean; readonly webGpu: boolean }) {
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: small && query.includes('coarse'),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  // Another tab has the queue, and no recording is delivered.
  const locks = { request: () => new Promise(() => undefined) };
  vi.stubGlobal('navigator', { userAgent: '', locks, ...(webGpu && { gpu: {} }) });
  vi.stubGlobal('fetch', () => Promise.reject(new Error('nothing is delivered')));
  const worker = new FakeLab({});
  const unused = () => Promise.reject(new Error('not opened here'));
  const shown = start(document.createElement('div'), () => worker, {
    openModel: unused,
    openReward: unused,
  });
  unmount = shown.unmount;
  await settled();
  const told = () => worker.commands.map(({ type }) => type);
  return { lab: shown.page.lab, told };
}

describe('on arrival', () => {
  test('a small touch screen with WebGPU opens and compiles nothing before Run', async () => {
    const { lab, told } = await arrive({ small: true, webGpu: true });
    expect(told()).toEqual([]);
    lab.setSetting('seed', 5);
    expect(told()).toEqual([]);
    lab.run();
    await settled();
    expect(told()).toContain('run');
    lab.close();
  });

  test.each([
    { small: false, webGpu: true },
    { small: true, webGpu: false },
  ])('others are asked for their adapter at once (%o)', async (device) => {
    const { lab, told } = await arrive(device);
    expect(told()).toContain('open');
    lab.close();
  });
});
