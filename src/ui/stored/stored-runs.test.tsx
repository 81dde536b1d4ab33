// @vitest-environment happy-dom
/** Stored runs on the page: what is offered, what is listed, and what resuming and deleting ask for. */
import { screen, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { NO_MARKS } from '../../lab/run-store/marks.ts';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import type { Seal } from '../../lab/run-store/seal.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { Keyboard } from '../components/keyboard.tsx';
import { Notices } from '../components/notices.tsx';
import { lead } from '../store/runs.ts';
import { showPage } from '../store/view.ts';
import { show } from '../testing/show.tsx';
import { RunsPage } from './runs-page.tsx';
import { offered, StoredRuns } from './stored-runs.ts';

const file = { path: '000001/0/checkpoint.json', bytes: 1000, sha256: 'a'.repeat(64) };

function listed(id: string, state: Seal['state'], more: Partial<Listed> = {}): Listed {
  const run = {
    ...{ label: 'Countdown', apart: [], experiment: defaultExperiment(), manifest: {} },
    ...{ step: 30, hash: 'b'.repeat(64), head: file, parts: [], rows: [], samples: [] },
  };
  const about = { title: 'Countdown', preset: 'countdown-grpo', created: '2026-11-30T03:00:00Z' };
  const seal: Seal = {
    ...{ version: 1, number: 1, saved: '2026-11-30T04:00:00Z', state, about },
    runs: [run],
  };
  return { id, bytes: 2048, held: false, seal, problem: null, ...more };
}

describe('the stored runs', () => {
  test('offer the newest that was left unfinished, and none that is open, ended or declined', () => {
    const runs = [
      listed('held', 'open', { held: true }),
      listed('done', 'finished'),
      listed('ended', 'stopped'),
      listed('left', 'open'),
    ];
    const state = { runs, problem: null, declined: [] };
    expect(offered(state)?.id).toBe('left');
    expect(offered({ ...state, declined: ['left'] })).toBeUndefined();
    expect(offered({ ...state, runs: null })).toBeUndefined();
  });

  test('are read again once a run that was open is not', async () => {
    let end = () => {};
    const shelf = {
      held: true,
      list: async () => [listed('run', 'open', { held: shelf.held })],
      remove: async () => undefined,
      read: () => Promise.reject(new RangeError('not asked')),
      rows: async () => [],
      marks: async () => NO_MARKS,
      mark: async () => NO_MARKS,
    };
    const stored = new StoredRuns({
      open: async () => shelf,
      released: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    });
    await stored.refresh();
    expect(offered(stored.store.getState())).toBeUndefined();
    shelf.held = false;
    end();
    await vi.waitFor(() => expect(offered(stored.store.getState())?.id).toBe('run'));
  });

  test('are empty where the browser keeps nothing, and the reason is named', async () => {
    const stored = new StoredRuns({
      open: () => Promise.reject(new DOMException('no', 'SecurityError')),
      released: async () => undefined,
    });
    await stored.refresh();
    expect(stored.store.getState()).toMatchObject({ runs: [], problem: { kind: 'Storage' } });
  });
});

describe('the lab', () => {
  test('offers an unfinished run in plain words, and resumes it with its record', async () => {
    const { page, worker, user, settle } = await show(<Notices />, {}, [listed('left', 'open')]);
    await settle(() => void page.stored.refresh());
    const notice = await screen.findByRole('status');
    expect(notice.textContent).toContain('A run was not finished: Countdown, step 30 of');
    await user.click(within(notice).getByRole('button', { name: 'Resume' }));
    const command = worker.commands.find(({ type }) => type === 'restore');
    expect(command).toMatchObject({ keep: { id: 'left' } });
    if (command?.type !== 'restore') return;
    const runId = command.runs[0].id;
    const row = (step: number) => ({
      metrics: { step, reward: 0.5, frac_reward_zero_std: step > 28 ? 1 : 0 },
      timings: { step, step_time: 1, phases: {}, tokens_per_second: {} },
    });
    const rate = { step: 12, path: 'method.learning_rate', value: 5e-4 };
    await settle(() =>
      worker.emit({
        ...{ type: 'restored', runId, step: 30, hash: 'b'.repeat(64) },
        manifest: { variants: {} } as never,
        record: {
          ...{ rows: [28, 29, 30].map(row), changes: [rate], evaluations: [] },
          samples: [[{ step: 30, question: 'q', prompt: 'p', completions: [] }]],
        },
      }),
    );
    const { data } = page.lab;
    expect(lead(data)).toMatchObject({
      ...{ step: 30, hash: 'b'.repeat(64), stored: 'left/0' },
      experiment: { method: { learning_rate: 5e-4 } },
    });
    expect(data.draft).toMatchObject({ method: { learning_rate: 5e-4 } });
    expect(page.lab.rows.map(({ step }) => step)).toEqual([28, 29, 30]);
    expect(page.lab.samples.steps()).toEqual([30]);
  });

  test('says why a run does not come back, and offers it again', async () => {
    const { page, worker, user, settle } = await show(<Notices />, {}, [listed('left', 'open')]);
    await settle(() => void page.stored.refresh());
    await user.click(await screen.findByRole('button', { name: 'Resume' }));
    const groupId = page.lab.data.present ?? '';
    const error = {
      kind: 'Busy',
      message: 'Another tab is training',
      remedy: 'Close it.',
    } as const;
    await settle(() => worker.emit({ type: 'failed', groupId, runId: null, step: 0, error }));
    expect(page.lab.data).toMatchObject({ state: 'idle', failure: { report: error } });
    expect(screen.getByRole('alert').textContent).toContain('Another tab is training');
    expect(screen.getByRole('button', { name: 'Resume' })).toBeTruthy();
  });

  test('says once that a run is not kept', async () => {
    const { page, worker, run, settle, user } = await show(<Notices />);
    await run(1);
    const groupId = page.lab.data.present ?? '';
    const error = { kind: 'Storage', message: 'The storage is full', remedy: 'r' } as const;
    await settle(() => worker.emit({ type: 'not-kept', groupId, error }));
    await user.click(screen.getByRole('button', { name: 'Close this notice' }));
    await settle(() => worker.emit({ type: 'not-kept', groupId, error }));
    expect(screen.queryByText('The storage is full')).toBeNull();
    await settle(() => worker.emit({ type: 'kept', groupId, step: 1, bytes: 9, seconds: 0 }));
    expect(page.lab.data.keeping).toEqual({ step: 1, error: null });
  });
});

describe('the Runs page', () => {
  test('lists what is stored with its size, and names what cannot be read', async () => {
    const broken = { kind: 'BadFile', message: 'The seal was altered', remedy: 'r' } as const;
    const { user } = await show(<RunsPage />, {}, [
      listed('left', 'stopped'),
      listed('mine', 'open', { held: true }),
      listed('torn', 'open', { seal: null, problem: broken }),
    ]);
    expect(await screen.findByText('1 group, 3 runs, 6.0 KiB in this browser')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Runs that cannot be read' }).textContent).toContain(
      'The seal was altered',
    );
    await user.click(screen.getByRole('button', { name: 'Seeds of Countdown' }));
    const [, group, seed, again] = screen.getAllByRole('row');
    expect(group.textContent).toContain('1 stopped');
    expect(seed.textContent).toContain('2.0 KiB');
    expect(within(seed).getByRole('button', { name: 'Resume Countdown, seed 1' })).toBeTruthy();
    expect(again.textContent).toContain('open in a lab');
    expect(within(again).queryByRole('button', { name: /^(Resume|Delete)/ })).toBeNull();
  });

  test('deletes after ten seconds, and not at all where that is taken back', async () => {
    const { page, user, settle } = await show(<RunsPage />, {}, [
      listed('left', 'stopped'),
      listed('mine', 'open', { held: true }),
    ]);
    const remove = vi.spyOn(page.stored, 'remove').mockResolvedValue();
    const deleteAll = async () =>
      user.click(await screen.findByRole('button', { name: 'Delete all' }));
    await deleteAll();
    const notice = screen.getByText(/^Deleted: Countdown, one run/);
    expect(notice).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(page.stored.store.getState()).toMatchObject({ going: null, marks: { going: [] } });
    await settle(() => void page.stored.removeNow());
    expect(remove).not.toHaveBeenCalled();

    await deleteAll();
    expect(page.stored.store.getState().marks.going).toMatchObject([{ id: 'left' }]);
    await settle(() => void page.stored.removeNow());
    expect(remove).toHaveBeenCalledWith(['left']);
    expect(page.stored.store.getState().marks.going).toEqual([]);
  });

  test('takes keys on a row that has the focus, single ones where they are on, and / everywhere', async () => {
    const { page, user, settle } = await show(
      <>
        <Keyboard />
        <RunsPage />
      </>,
      {},
      [listed('left', 'stopped')],
    );
    await settle(() => showPage(page.view, 'runs'));
    const compared = await screen.findByRole<HTMLInputElement>('checkbox', { name: /^Compare/ });
    const row = compared.closest('tr');
    await user.keyboard('x');
    expect(compared.checked).toBe(false);
    compared.focus();
    await user.keyboard('{Delete}');
    expect(page.stored.store.getState().going).toBeNull();
    row?.focus();
    await user.keyboard('x{ArrowRight}');
    expect(compared.checked).toBe(true);
    expect(screen.getByRole('button', { name: 'Open Countdown, seed 1 in the lab' })).toBeTruthy();
    await settle(() => page.preferences.setState({ shortcuts: false }));
    await user.keyboard('x/{ArrowLeft}');
    expect(compared.checked).toBe(true);
    expect(document.activeElement).toBe(row);
    expect(screen.queryByRole('button', { name: /^Open Countdown, seed/ })).toBeNull();
    await settle(() => page.preferences.setState({ shortcuts: true }));
    await user.keyboard('/x');
    expect(screen.getByRole('searchbox')).toBe(document.activeElement);
    expect(compared.checked).toBe(true);
  });

  test('sets how often a run is kept, and a run that starts then asks for it', async () => {
    const { page, user } = await show(<RunsPage />);
    await user.selectOptions(await screen.findByLabelText('Checkpoint'), '25');
    expect(page.preferences.getState().keepEvery).toBe(25);
    await user.selectOptions(screen.getByLabelText('Checkpoint'), 'null');
    expect(page.preferences.getState().keepEvery).toBeNull();
  });
});
