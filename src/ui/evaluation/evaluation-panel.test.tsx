// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { evaluationsOf } from '../store/runs.ts';
import { show } from '../testing/show.tsx';
import { EvaluationPanel } from './evaluation-panel.tsx';

const button = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Evaluate now' });
const receivers = () => screen.getByLabelText<HTMLInputElement>('Receivers');

describe('the evaluation panel', () => {
  test('cannot ask a policy that is not there yet, and says why', async () => {
    const { run } = await show(<EvaluationPanel />);
    expect(button().disabled).toBe(true);
    expect(screen.getByRole('status').textContent).toMatch(/^Press Run first/);
    await run(1);
    expect(button().disabled).toBe(false);
    expect(screen.getByRole('status').textContent).not.toMatch(/Press Run/);
  });

  test('asks what was chosen, before training and now, and shows both', async () => {
    const { page, run, user, settle } = await show(<EvaluationPanel />);
    await run(2);
    await user.click(screen.getByRole('radio', { name: 'Out of distribution' }));
    await user.selectOptions(screen.getByLabelText('Questions'), '16');
    await user.selectOptions(screen.getByLabelText('Answers to each'), '4');
    await user.clear(receivers());
    await user.click(button());
    await settle(() => undefined);
    const { results } = evaluationsOf(page.lab.data);
    expect(results.map(({ order }) => order)).toEqual(
      (['before', 'now'] as const).map((policy) => ({
        ...{ split: 'ood', prompts: 16, samples: 4, receivers: '', policy },
        ...{ receiver_backend: expect.any(String), transfer_answers: 1 },
      })),
    );
    const table = screen.getByRole('table', { name: /^Numbers/ });
    const columns = within(table)
      .getAllByRole('columnheader')
      .map(({ textContent }) => textContent);
    expect(columns.slice(1)).toEqual(['before training', 'step 2']);
    expect(
      screen.getByText(/^Out of distribution, 16 questions, with 4 answers each/),
    ).toBeTruthy();
    expect(screen.getByText('No receiver was asked')).toBeTruthy();
  });

  test('lets the critic choose among the answers where the run has one, and shows how it did', async () => {
    const { page, run, user, settle } = await show(<EvaluationPanel />);
    const box = () => screen.queryByRole<HTMLInputElement>('checkbox', { name: 'Tournament' });
    expect(box()).toBeNull();
    await settle(() => page.lab.choosePreset('raro-ties'));
    await run(1);
    expect(box()?.checked).toBe(false);
    await user.selectOptions(screen.getByLabelText('Answers to each'), '4');
    await user.click(screen.getByRole('checkbox', { name: 'Tournament' }));
    await user.click(button());
    await settle(() => undefined);
    const { results } = evaluationsOf(page.lab.data);
    expect(results.map(({ order }) => order.tournament)).toEqual([4, 4]);
    expect(screen.getByRole('slider', { name: /^Tournament by N answers/ })).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'Tournament of 4' })).toBeTruthy();
    // One answer leaves nothing to choose.
    await user.selectOptions(screen.getByLabelText('Answers to each'), '1');
    expect(box()).toBeNull();
  });

  test('does not ask with a list of receivers that cannot be read', async () => {
    const { page, run, user } = await show(<EvaluationPanel />);
    await run(1);
    await user.clear(receivers());
    await user.type(receivers(), 'policy ** ?');
    expect(button().disabled).toBe(true);
    expect(receivers().getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText(/^Receivers are/)).toBeTruthy();
    await user.type(receivers(), '{Enter}');
    expect(evaluationsOf(page.lab.data).pending).toHaveLength(0);
  });

  test('follows the experiment’s own receivers until others are chosen', async () => {
    const { page, user, settle } = await show(<EvaluationPanel />);
    expect(receivers().value).toBe('policy');
    const ask = (id: string) =>
      settle(() => page.lab.setSetting('evaluation.receivers', `policies/${id}`));
    await ask('chain-steps');
    expect(receivers().value).toBe('policies/chain-steps');
    await user.clear(receivers());
    await user.type(receivers(), 'policy');
    await ask('chain-nano');
    expect(receivers().value).toBe('policy');
  });

  test('adds a brought decoder to the list once, and says what is wrong with other files', async () => {
    const { user, settle } = await show(<EvaluationPanel />);
    const files = [new File(['x'], 'mine.onnx'), new File(['{}'], 'tokenizer.json')];
    const input = screen.getByLabelText<HTMLInputElement>('Your own');
    for (const chosen of [files, files]) {
      await user.upload(input, chosen);
      await settle(() => undefined);
    }
    expect(receivers().value).toBe('policy own/mine');
    await user.upload(input, [files[0]]);
    await settle(() => undefined);
    expect(screen.getByRole('alert').textContent).toContain('tokenizer.json');
  });
});
