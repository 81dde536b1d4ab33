// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { Keyboard } from '../components/keyboard.tsx';
import { showPage } from '../store/view.ts';
import { show } from '../testing/show.tsx';
import type { Job } from './queue.ts';
import { QueuePane } from './queue-pane.tsx';

const job = (seed: number): Job => ({
  ...{ id: `job-${seed}`, name: 'RLTR', preset: 'p', stored: null },
  experiment: { ...defaultExperiment(), seed },
});

async function shown() {
  const made = await show(
    <>
      <Keyboard />
      <QueuePane />
    </>,
  );
  const { queue } = made.page;
  await made.settle(() => {
    showPage(made.page.view, 'runs');
    void queue.change({ type: 'pause', on: true });
    void queue.change({ type: 'add', jobs: [1, 2, 3].map(job) });
  });
  const seeds = () => queue.queue.jobs.map(({ experiment }) => experiment.seed);
  return { ...made, queue, seeds };
}

test('is nothing where nothing is queued', async () => {
  const { queue, settle } = await shown();
  await settle(() => void queue.change({ type: 'remove', ids: ['job-1', 'job-2', 'job-3'] }));
  expect(screen.queryByRole('region')).toBeNull();
});

test('is reordered by buttons and by Alt with an arrow, and runs are taken out', async () => {
  const { user, seeds } = await shown();
  expect(screen.getByRole('region', { name: 'Queue' }).textContent).toContain('three waiting');
  await user.click(screen.getByRole('button', { name: 'RLTR, seed 3: earlier' }));
  expect(seeds()).toEqual([1, 3, 2]);
  const [first] = screen.getAllByRole('listitem');
  first.focus();
  await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
  expect(seeds()).toEqual([3, 1, 2]);
  await user.keyboard('{ArrowDown}');
  expect(seeds()).toEqual([3, 1, 2]);
  // In a button of the row the keys are the button's.
  screen.getByRole('button', { name: 'RLTR, seed 1: later' }).focus();
  await user.keyboard('{Delete}');
  expect(seeds()).toEqual([3, 1, 2]);
  await user.click(screen.getByRole('button', { name: 'Remove RLTR, seed 2' }));
  expect(seeds()).toEqual([3, 1]);
  expect(
    within(screen.getAllByRole('listitem')[0]).getByRole('button', { name: /earlier/ }),
  ).toHaveProperty('disabled', true);
});

test('is paused and goes on with one button', async () => {
  const { user, queue } = await shown();
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  expect(queue.queue.paused).toBe(false);
  await user.click(screen.getByRole('button', { name: 'Pause queue' }));
  expect(queue.queue.paused).toBe(true);
});
