// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { formatDuration } from '../format.ts';
import { show } from '../testing/show.tsx';
import { RunBar } from './run-bar.tsx';

/** The names of the buttons that can be pressed. */
const ready = () =>
  screen
    .getAllByRole<HTMLButtonElement>('button')
    .filter(({ disabled }) => !disabled)
    .map(({ textContent }) => textContent);

describe('the run bar', () => {
  test('before a run offers Run and Step, and nothing that has no meaning yet', async () => {
    await show(<RunBar />);
    expect(ready()).toEqual(['Run', 'Step']);
    expect(screen.getByText('ready')).toBeTruthy();
  });

  test('while a run goes offers to pause it, counts steps, and estimates once it knows the pace', async () => {
    const { run, tick, page } = await show(<RunBar />);
    await run(1);
    expect(ready()).toEqual(['Pause', 'Step', 'Reset']);
    expect(screen.getByText('running')).toBeTruthy();
    const total = page.lab.data.draft.steps;
    expect(screen.getByRole('progressbar', { name: `Step 1 of ${total}` })).toBeTruthy();
    expect(screen.queryByText(/left$/)).toBeNull();
    expect(screen.queryByText(/tokens a second$/)).toBeNull();
    await tick(9);
    expect(screen.getByRole('progressbar', { name: `Step 10 of ${total}` })).toBeTruthy();
    expect(screen.getByRole('button', { name: /^\d+:\d\d left$/ })).toBeTruthy();
    expect(screen.getByText(/^From the mean of the last \d+ steps, .* each\.$/)).toBeTruthy();
    const { timings } = page.lab.record;
    const spent = timings.reduce((sum, { step_time }) => sum + step_time, 0);
    expect(screen.getByText(/so far$/).textContent).toBe(`${formatDuration(spent)} so far`);
    // The fake trainer's steps have 3,840 tokens each.
    const rate = 3840 / (page.lab.data.pace?.secondsPerStep ?? 0);
    const shown = screen.getByText(/tokens a second$/).textContent?.replace(/[^\d.]/g, '');
    expect(Number(shown) / rate).toBeCloseTo(1, 2);
  });

  test('a paused run can go on, a step on, or be reset', async () => {
    const { run, user, settle } = await show(<RunBar />);
    await run(2);
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    await settle(() => undefined);
    expect(ready()).toEqual(['Run', 'Step', 'Reset']);
    expect(screen.getByText('paused')).toBeTruthy();
  });

  test('a finished run is gone on from by no step', async () => {
    const { page, run } = await show(<RunBar />);
    page.lab.setSetting('steps', 3);
    await run(3);
    expect(screen.getByText('done')).toBeTruthy();
    expect(ready()).toEqual(['Run', 'Reset']);
  });

  test('a failed run says so', async () => {
    const { run } = await show(<RunBar />, { failAt: 2 });
    await run(2);
    expect(screen.getByText('failed')).toBeTruthy();
    expect(ready()).toEqual(['Run', 'Reset']);
  });

  test('names the run by its preset and shows its seed, not the draft’s', async () => {
    const { page, run, settle } = await show(<RunBar />);
    await run(1);
    const heading = screen.getByRole('heading').textContent;
    const { seed } = page.lab.data.draft;
    await settle(() => {
      page.lab.choosePreset('chain-minute');
      page.lab.setSetting('seed', seed + 1);
    });
    expect(screen.getByRole('heading').textContent).toBe(heading);
    expect(screen.getByText('Seed').textContent).toBe(`Seed ${seed}`);
  });
});
