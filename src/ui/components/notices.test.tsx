// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { lead } from '../store/runs.ts';
import { show } from '../testing/show.tsx';
import { Notices } from './notices.tsx';

describe('notices', () => {
  test('say nothing while all is well', async () => {
    const { run } = await show(<Notices />);
    await run(3);
    expect(screen.queryByRole('status')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('say what failed, what is kept and what to do, and can be closed', async () => {
    const { run, user } = await show(<Notices />, { failAt: 3 });
    await run(3);
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('The loss stopped being a number at step 3');
    expect(alert.textContent).toContain('Step 2 is the last good one and is kept');
    expect(screen.getByRole('button', { name: 'Export the metrics' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Close this notice' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('of a number that is none offer half of every rate that the learner has, the one at fault first', async () => {
    const { page, run, settle, user } = await show(<Notices />, { failAt: 2 });
    await settle(() => page.lab.choosePreset('chain-ppo'));
    const { method } = page.lab.data.draft;
    if (method.name !== 'ppo') throw new Error('the preset is of another method');
    await run(2);
    const offers = screen.getAllByRole('button', { name: /^Restart at/ });
    expect(offers.map((one) => one.textContent)).toEqual([
      expect.stringMatching(/^Restart at learning rate /),
      expect.stringMatching(/^Restart at value learning rate /),
    ]);
    await user.click(offers[1]);
    expect(page.lab.data.draft.method).toEqual({
      ...{ ...method, value_learning_rate: method.value_learning_rate / 2 },
    });
    expect(['preparing', 'running']).toContain(page.lab.data.state);
  });

  test('of a number that is none go on from the last good step at half the rate', async () => {
    const { page, worker, run, tick, settle, user } = await show(<Notices />, { failAt: 3 });
    await run(1);
    const { id = '', experiment } = lead(page.lab.data) ?? {};
    await settle(() => worker.emit({ type: 'manifest', runId: id, manifest: {} as never }));
    await tick(2);
    const { learning_rate } = experiment?.method ?? {};
    await user.click(screen.getByRole('button', { name: /^Go on at learning rate/ }));
    const value = Number(learning_rate) / 2;
    expect(worker.commands.slice(-2)).toMatchObject([
      { type: 'set', runId: id, path: 'method.learning_rate', value },
      { type: 'resume' },
    ]);
    expect(page.lab.data).toMatchObject({ state: 'running', failure: null });
    expect(page.lab.rows).toHaveLength(2);
  });

  test('tell of a run that learns nothing, and offer only what the schema allows', async () => {
    const { page, run, tick, user } = await show(<Notices />, { silentFrom: 1 });
    await run(9);
    expect(screen.queryByRole('status')).toBeNull();
    await tick(1);
    expect(screen.getByRole('status').textContent).toContain('No group had a signal for');
    const offer = screen.getByRole('button', { name: /^Temperature/ });
    const shown = Number(/[\d.]+/.exec(offer.textContent ?? '')?.[0]);
    await user.click(offer);
    expect(page.lab.data.draft).toMatchObject({ method: { temperature: shown } });
  });

  test('warn once answers are almost empty and receivers do the work, and not before', async () => {
    const { run, tick } = await show(<Notices />, { emptyFrom: 11 });
    await run(14);
    expect(screen.queryByRole('status')).toBeNull();
    await tick(1);
    expect(screen.getByRole('status').textContent).toContain(
      'Answers have become almost empty.The receiver does the work: transferability is high, accuracy is not.',
    );
  });

  test('tell what goes wrong with a critic, and lead to the setting', async () => {
    const { page, run, settle, tick, user } = await show(<Notices />, { tiesFrom: 1 });
    page.view.setState({ pane: 'setup' });
    await settle(() => page.lab.choosePreset('raro-against-rlvr'));
    await run(4);
    expect(screen.queryByRole('status')).toBeNull();
    await tick(1);
    const [notice] = screen.getAllByRole('status');
    expect(notice.textContent).toContain('The critic always ties.');
    expect(notice.textContent).toContain('Seen in RARO');
    expect(within(notice).getByRole('button', { name: 'Show settings' })).toBeTruthy();
    await user.click(within(notice).getByRole('button', { name: 'Show the chart' }));
    expect(page.view.getState().pane).toBe('charts');
  });

  test('name every line of a file that was not taken', async () => {
    const { page, settle } = await show(<Notices />);
    await settle(() =>
      page.view.setState({
        message: {
          tone: 'error',
          title: 'x.json was not taken',
          lines: [{ field: 'steps', text: 'is too large.' }, { text: 'Nothing was changed.' }],
        },
      }),
    );
    const alert = screen.getByRole('alert');
    expect(alert.querySelector('code')?.textContent).toBe('steps');
    expect(alert.textContent).toContain('Nothing was changed.');
  });
});
