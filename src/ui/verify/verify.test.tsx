// @vitest-environment happy-dom
/** Several bundles verified one after the other: what is equal, what differs and from where, and what is refused. */
import { screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { openBundle } from '../../lab/bundle/bundle.ts';
import { packSet } from '../../lab/bundle/bundle-set.ts';
import type { StoredRun } from '../../lab/run-store/read-stored.ts';
import { experimentHash } from '../../rl/experiment/canonical.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { takeFiles } from '../files.ts';
import { storedBundle } from '../recording/save-bundle.ts';
import { lead } from '../store/runs.ts';
import { type Shown, show } from '../testing/show.tsx';
import { VerifyPane } from './verify-pane.tsx';
import { summaryJson, summaryText } from './verify-words.ts';

const STEPS = 3;

/** What the fake trainer tells of a run, as a stored run. @param change of its rows */
async function stored(
  { page: { lab } }: Shown,
  change: (row: Record<string, number | null>) => object = (row) => row,
  changes: StoredRun['record']['changes'] = [],
): Promise<Uint8Array> {
  const run = lead(lab.data);
  if (!run) throw new Error('nothing runs');
  const { experiment, record } = run;
  const manifest = {
    ...{ version: 1, experiment, experiment_hash: await experimentHash(experiment) },
    ...{ build: lab.data.version, adapter: 'test', features: [] },
    ...{ variants: { default: 'scalar' }, policy_hash: 'a'.repeat(64), plan: {} },
  };
  const rows = record.rows.map((metrics, i) => ({
    metrics: change({ ...metrics }),
    timings: record.timings[i],
  }));
  const left = { rows, samples: [], changes, evaluations: [] };
  return storedBundle({ manifest, record: left } as unknown as StoredRun);
}

/** A page on which a run has been done and reset, and the bundles that were made of it. */
async function made(...changes: ((row: Record<string, number | null>) => object)[]) {
  const shown = await show(<VerifyPane />);
  const { page, settle, run } = shown;
  await settle(() => page.lab.setDraft({ ...defaultExperiment(), steps: STEPS }));
  await run(STEPS);
  const bundles: Uint8Array[] = [];
  for (const change of changes) bundles.push(await stored(shown, change));
  await settle(() => page.lab.reset());
  return { ...shown, bundles };
}

const same = (row: Record<string, number | null>) => row;
const other = (row: Record<string, number | null>) =>
  row.step === 2 ? { ...row, reward: 9 } : row;

/** Does the steps of the verification that has just begun. */
async function does({ page, tick }: Pick<Shown, 'page' | 'tick'>, name: string) {
  await vi.waitFor(() => {
    const { items } = page.verify.store.getState();
    if (items.find((item) => item.name === name)?.bundle == null) throw new Error('not begun');
  });
  await tick(STEPS);
}

describe('bundles that are verified', () => {
  test('come from one file, run in turn, and are summed up', async () => {
    const shown = await made(same, other);
    const { page, settle, user, bundles } = shown;
    const set = packSet(new Map(bundles.map((bytes, i) => [`seed-${i + 1}.tar.gz`, bytes])));
    await settle(() => void takeFiles(page, [new File([set as BlobPart], 'figure.tar')]));
    expect(await screen.findByText('0 of 2 runs equal in every row, 2 to go')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Verify' }));
    await does(shown, 'seed-1.tar.gz');
    await does(shown, 'seed-2.tar.gz');
    expect(await screen.findByText('1 of 2 runs equal in every row, 1 differ')).toBeTruthy();
    expect(screen.getByText('equal in all 3 rows')).toBeTruthy();
    expect(screen.getByText('differs in 1 row of 3')).toBeTruthy();
    expect(screen.getByText(/From step 2: reward is 9 in the file/)).toBeTruthy();
    const { runs } = JSON.parse(summaryJson(page.verify.store.getState().items));
    expect(runs.map(({ equal }: { equal: boolean }) => equal)).toEqual([true, false]);
    // It came to its end: what is stored of it is whole.
    expect(page.lab.data.state).toBe('finished');
  });

  test('that are none are refused by name, and the others go on', async () => {
    const shown = await made(same);
    const { page, settle, bundles } = shown;
    await settle(() => {
      page.verify.add([
        { name: 'bad', keep: 'never', open: () => openBundle(new Uint8Array([1, 2])) },
        { name: 'good', keep: 'never', open: () => openBundle(bundles[0]) },
      ]);
      void page.verify.begin();
    });
    await does(shown, 'good');
    expect(await screen.findByText('not verified: The bundle is no gzip file')).toBeTruthy();
    expect(summaryText(page.verify.store.getState().items)).toBe(
      '1 of 2 runs equal in every row, 1 not verified',
    );
  });

  test('give way to a run that a person begins, and those that wait stay', async () => {
    const shown = await made(same, same);
    const { page, settle, bundles } = shown;
    await settle(() => {
      page.verify.add(
        bundles.map((bytes, i) => ({
          ...{ name: `${i}`, keep: 'never' as const },
          open: () => openBundle(bytes),
        })),
      );
      void page.verify.begin();
    });
    await vi.waitFor(() => expect(page.lab.data.present).not.toBeNull());
    await settle(() => page.lab.restart());
    await vi.waitFor(() => expect(page.verify.store.getState().going).toBe(false));
    const { items } = page.verify.store.getState();
    expect(items.map(({ state }) => state)).toEqual(['ended', 'waiting']);
    expect(items[0].why).toBe('another run took its place');
  });

  test('are not made of a run whose settings were moved', async () => {
    const shown = await show(<VerifyPane />);
    await shown.run(2);
    const moved = [{ step: 2, path: 'method.learning_rate', value: 1 }];
    await expect(stored(shown, same, moved)).rejects.toMatchObject({
      field: 'method.learning_rate',
    });
  });
});
