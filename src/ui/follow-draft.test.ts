// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readLink } from '../rl/experiment/link.ts';
import { followDraft } from './follow-draft.ts';
import { Lab } from './lab.ts';
import { FakeLab } from './testing/fake-lab.ts';

beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, '', '/?page=microscope');
});
afterEach(() => vi.useRealTimers());

test('the address is the draft that somebody has chosen, and keeps the page that it names', async () => {
  const lab = new Lab({ spawn: () => new FakeLab() });
  followDraft(lab);
  await vi.advanceTimersByTimeAsync(1000);
  expect(location.hash).toBe('');
  lab.choosePreset('chain-minute');
  lab.setSetting('seed', 7);
  lab.setSetting('method.temperature', 0.5);
  await vi.advanceTimersByTimeAsync(1000);
  expect(location.search).toBe('?page=microscope');
  const link = readLink(location.hash);
  expect(link?.ok && link.experiment).toEqual(lab.data.draft);
});
