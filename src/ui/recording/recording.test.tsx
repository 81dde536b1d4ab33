// @vitest-environment happy-dom
/** A bundle dropped on the page: shown without a GPU, run again and compared, refused where it is none. */
import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { makeBundle } from '../../lab/bundle/bundle.ts';
import { experimentHash } from '../../rl/experiment/canonical.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { Manifest, MetricsRow } from '../../rl/records.ts';
import { Notices } from '../components/notices.tsx';
import { EvaluationPanel } from '../evaluation/evaluation-panel.tsx';
import { jsonLines } from '../export.ts';
import { exportPart, takeFiles } from '../files.ts';
import type { Lab } from '../lab.ts';
import { LabPage } from '../lab-page.tsx';
import { evaluationsOf, lead, presentGroup } from '../store/runs.ts';
import { type Shown, show } from '../testing/show.tsx';
import { storedBundle } from './save-bundle.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Presses Verify, and says that the run here computes as the recording did. */
async function verify({ page, worker, user, settle }: Shown) {
  await user.click(screen.getByRole('button', { name: 'Verify' }));
  const manifest = page.recordings.store.getState().shown?.bundle.manifest;
  const runId = lead(page.lab.data)?.id;
  if (!manifest || !runId) throw new Error('nothing is verified');
  const { version: build, adapter } = page.lab.data;
  const here = { ...manifest, build, adapter: adapter?.name ?? '' };
  await settle(() => worker.emit({ type: 'manifest', runId, manifest: here }));
}

async function manifestOf({ data }: Lab, experiment: Experiment): Promise<Manifest> {
  return {
    ...{ version: 1, experiment, experiment_hash: await experimentHash(experiment) },
    ...{ build: data.version, adapter: data.adapter?.name ?? '', features: [] },
    ...{ variants: { default: 'scalar' }, policy_hash: 'a'.repeat(64), plan: {} },
  };
}

/** What the page would export of its run, after a change to its rows. */
async function bundleOf(
  { page: { lab } }: Shown,
  change: (rows: readonly MetricsRow[]) => readonly MetricsRow[] = (rows) => rows,
  about: Partial<Manifest> = {},
): Promise<File> {
  const run = lead(lab.data);
  if (!run) throw new Error('nothing runs');
  const { experiment, record } = run;
  const manifest = { ...(await manifestOf(lab, experiment)), ...about };
  const groups = record.samples.steps().flatMap((step) => record.samples.at(step));
  const packed = await makeBundle(
    new Map([
      ['manifest.json', bytes(JSON.stringify(manifest))],
      ['metrics.jsonl', bytes(jsonLines(change(record.rows)))],
      ['samples.jsonl', bytes(jsonLines(groups))],
    ]),
  );
  return new File([packed as BlobPart], 'friend.tar.gz');
}

/** Runs four steps, takes them as a bundle, and opens that in a page that has been reset. */
async function opened(
  change?: Parameters<typeof bundleOf>[1],
  about?: Partial<Manifest>,
): Promise<Shown> {
  const shown = await show(<Notices />);
  const { page, settle, run } = shown;
  await settle(() => page.lab.setSetting('steps', 4));
  await run(4);
  const file = await bundleOf(shown, change, about);
  await settle(() => page.lab.reset());
  await takeFiles(page, [file]);
  await settle(() => {});
  return shown;
}

describe('a recording', () => {
  test('is shown at its end, said to be one, and becomes the draft', async () => {
    const { page } = await opened();
    expect(screen.getByText('A recorded run: friend.tar.gz')).toBeTruthy();
    const { lab } = page;
    expect(presentGroup(lab.data)?.recordedIn).toBe('friend.tar.gz');
    expect(lab.data.state).toBe('finished');
    expect(lab.rows.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(lab.series.length).toBe(4);
    expect(lab.samples.steps().length).toBeGreaterThan(0);
    expect(lab.data.draft.steps).toBe(4);
  });

  test('that comes out the same is verified', async () => {
    const shown = await opened();
    const { tick } = shown;
    await verify(shown);
    await tick(2);
    expect(screen.getByText('Verifying friend.tar.gz: row 2 of 4')).toBeTruthy();
    await tick(2);
    expect(screen.getByText('Verified: friend.tar.gz is equal in all 4 rows')).toBeTruthy();
  });

  test('shows what was evaluated at each step', async () => {
    const { page, run, settle, tick } = await show(<EvaluationPanel />);
    const { lab } = page;
    const order = { split: 'test', prompts: 16, samples: 4, receivers: '' } as const;
    const evaluate = () =>
      settle(() => {
        const { id = '' } = lead(lab.data) ?? {};
        lab.evaluate(id, { ...order, receiver_backend: 'kernels', transfer_answers: 1 });
      });
    await run(2);
    await evaluate();
    await tick(2);
    await evaluate();
    const left = lead(lab.data);
    if (!left) throw new Error('nothing runs');
    const { experiment, record, evaluations } = left;
    const rows = record.rows.map((metrics, i) => ({ metrics, timings: record.timings[i] }));
    const packed = await storedBundle({
      ...{ manifest: await manifestOf(lab, experiment) },
      record: { rows, samples: [], changes: [], evaluations: evaluations.results },
    });
    await settle(() => lab.reset());
    await takeFiles(page, [new File([packed as BlobPart], 'friend.tar.gz')]);
    await settle(() => {});
    const steps = evaluationsOf(lab.data).results.map(({ order, step }) => [order.policy, step]);
    expect(steps).toEqual([
      ['before', 2],
      ['now', 2],
      ['now', 4],
    ]);
    expect(screen.getByRole('columnheader', { name: 'step 4' })).toBeTruthy();
  });

  const edited = (rows: readonly MetricsRow[]) =>
    rows.map((row) => (row.step === 3 ? { ...row, reward: 9 } : row));

  test('with a changed number of this build and adapter is called wrong, by the number', async () => {
    const shown = await opened(edited);
    const { tick } = shown;
    await verify(shown);
    await tick(4);
    expect(screen.getByText('friend.tar.gz differs in 1 row of 4')).toBeTruthy();
    expect(screen.getAllByText(/From step 3/)).toHaveLength(1);
    expect(screen.getByText(/every bit should be the same/)).toBeTruthy();
  });

  test('of another build may differ', async () => {
    const shown = await opened(edited, { build: 'another' });
    const { tick } = shown;
    await verify(shown);
    await tick(4);
    expect(screen.getByText(/says nothing against it/)).toBeTruthy();
  });

  test('whose verification is given up says how far it came', async () => {
    const shown = await opened();
    const { tick, settle, page } = shown;
    await verify(shown);
    await tick(1);
    await settle(() => page.lab.reset());
    expect(screen.getByText(/was not verified: the run ended after row 1 of 4/)).toBeTruthy();
  });
});

test('a file that is no bundle is named, and nothing changes', async () => {
  const { page, settle, run } = await show(<Notices />);
  await run(2);
  await takeFiles(page, [new File(['{}'], 'run.tar.gz')]);
  await settle(() => {});
  expect(screen.getByText('run.tar.gz: The bundle is no gzip file')).toBeTruthy();
  expect(page.lab.rows).toHaveLength(2);
});

test('without a GPU a recording is shown in the place of what is missing', async () => {
  const there = await opened();
  const file = await bundleOf(there);
  const { page, settle } = await show(<LabPage />, { noGpu: true });
  expect(screen.getByText(/cannot train/)).toBeTruthy();
  await takeFiles(page, [file]);
  await settle(() => {});
  expect(screen.getAllByText('A recorded run: friend.tar.gz').length).toBeGreaterThan(0);
  expect(screen.getByText(/can be read without a GPU/)).toBeTruthy();
  expect(screen.getByText('recorded')).toBeTruthy();
});

test('a run whose settings were changed while it went is not bundled, and says which', async () => {
  const { page, run, settle, worker } = await show(<Notices />);
  await run(2);
  const { id } = lead(page.lab.data) ?? { id: '' };
  const change = { step: 2, path: 'method.learning_rate', value: 1e-4 };
  await settle(() => worker.emit({ type: 'changed', runId: id, ...change }));
  await settle(() => void exportPart(page, 'bundle'));
  expect(await screen.findByText(/method\.learning_rate was changed at step 2/)).toBeTruthy();
});
