// @vitest-environment happy-dom
/** Stored runs beside each other: how they are called, what the lab shows of them, and what is refused. */
import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { StoredGroup } from '../../lab/run-store/read-stored.ts';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import type { Seal } from '../../lab/run-store/seal.ts';
import { defaultExperiment, type Experiment } from '../../rl/experiment/schema.ts';
import { presentGroup, presentRuns } from '../store/runs.ts';
import { show } from '../testing/show.tsx';
import { RunsPage } from './runs-page.tsx';
import { fitTogether, planOfGroups } from './show-stored.ts';

const file = { path: '000001/0/checkpoint.json', bytes: 1000, sha256: 'a'.repeat(64) };
const experiment = (change: object = {}): Experiment => ({ ...defaultExperiment(), ...change });

function group(id: string, ...experiments: Experiment[]) {
  const runs = experiments.map((one, i) => ({
    ...{ label: `Run ${i + 1}`, apart: [], experiment: one, manifest: {}, step: 2 },
    ...{ hash: `${i}`.repeat(64), head: file, parts: [], rows: [], samples: [] },
  }));
  const about = { title: id, preset: 'countdown-grpo', created: '2026-11-30T03:00:00Z' };
  const seal: Seal = {
    ...{ version: 1, number: 1, saved: '2026-11-30T04:00:00Z', state: 'finished', about, runs },
  };
  const rows = [1, 2].map((step) => ({
    metrics: { step, reward: step / 4 },
    timings: { step, step_time: 1, phases: {}, tokens_per_second: {} },
  }));
  const stored = {
    ...{ seal, highest: 1, fellBack: null },
    runs: runs.map(({ step, hash }) => ({
      ...{ step, hash, manifest: {} },
      record: { rows, samples: [], changes: [], evaluations: [] },
    })),
  } as unknown as StoredGroup;
  const listed: Listed = { id, bytes: 2048, held: false, seal, problem: null };
  return { stored, listed };
}

describe('the plan', () => {
  test('of one group is what it was', () => {
    const { stored } = group('a', experiment(), experiment({ seed: 2 }));
    expect(planOfGroups([stored]).runs.map(({ label }) => label)).toEqual(['Run 1', 'Run 2']);
  });

  test('of several calls runs by what differs', () => {
    const groups = [group('a', experiment()), group('b', experiment({ seed: 7 }))];
    const { runs, note } = planOfGroups(groups.map(({ stored }) => stored));
    expect(runs.map(({ label }) => label)).toEqual(['Seed 1', 'Seed 7']);
    expect(runs[1].apart).toEqual(['seed']);
    expect(note).toContain('beside each other');
  });

  test('has at most 16 runs', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      group(`${i}`, experiment({ seed: i }), experiment({ seed: i + 100 })),
    );
    expect(fitTogether(many.slice(0, 8).map(({ listed }) => listed))).toBe(true);
    expect(fitTogether(many.map(({ listed }) => listed))).toBe(false);
  });
});

test('the runs of a chosen group are shown in the lab at their end, and the worker is asked for nothing', async () => {
  const made = [group('first', experiment()), group('second', experiment({ seed: 7 }))];
  const { page, user, worker, settle } = await show(
    <RunsPage />,
    {},
    made.map(({ listed }) => listed),
    new Map(made.map(({ listed, stored }) => [listed.id, stored])),
  );
  await user.click(await screen.findByRole('checkbox', { name: /first/ }));
  const before = worker.commands.length;
  await user.click(screen.getByRole('button', { name: 'Open in the lab' }));
  await settle(() => {});
  const { data } = page.lab;
  expect(data.state).toBe('finished');
  expect(presentGroup(data)?.recordedIn).toBe('this browser');
  expect(presentRuns(data).map(({ label, step }) => [label, step])).toEqual([
    ['Seed 1', 2],
    ['Seed 7', 2],
  ]);
  expect(presentRuns(data).map(({ stored }) => stored)).toEqual(['first/0', 'second/0']);
  expect(presentRuns(data)[1].record.rows.map(({ reward }) => reward)).toEqual([0.25, 0.5]);
  const asked = worker.commands.slice(before).map(({ type }) => type);
  expect(asked).not.toContain('run');
  expect(page.view.getState().page).toBe('lab');
});

test('a run that the browser has evicted meanwhile is named, and the lab stays as it was', async () => {
  const { listed } = group('gone', experiment());
  const { page, user, settle } = await show(<RunsPage />, {}, [listed]);
  await user.click(await screen.findByRole('checkbox', { name: /gone/ }));
  await user.click(screen.getByRole('button', { name: 'Open in the lab' }));
  await settle(() => {});
  expect(screen.getByText(/not in this browser any more/)).toBeTruthy();
  expect(page.lab.data.state).toBe('idle');
});
