// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { METHODS } from '../../rl/experiment/catalog.ts';
import { lead } from '../store/runs.ts';
import { show } from '../testing/show.tsx';
import { SetupPanel } from './setup-panel.tsx';

const draft = () => screen.queryByRole('region', { name: 'Draft' });
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

/** Opens the fold with this heading. */
const open = async (user: Awaited<ReturnType<typeof show>>['user'], name: string) =>
  user.click(screen.getByRole('heading', { name }));

describe('the setup panel', () => {
  test('before a run what is typed is the experiment, and no draft is spoken of', async () => {
    const { page, user } = await show(<SetupPanel />);
    await user.clear(field('Steps'));
    await user.type(field('Steps'), '12{Enter}');
    expect(page.lab.data.draft.steps).toBe(12);
    expect(screen.getByText('changed')).toBeTruthy();
    expect(draft()).toBeNull();
    await user.click(screen.getByRole('button', { name: 'As it was' }));
    expect(page.lab.data.draft.steps).not.toBe(12);
    expect(screen.queryByText('changed')).toBeNull();
  });

  test('says where the last evaluation is, where training would go on after it', async () => {
    const { page, user } = await show(<SetupPanel />);
    const { every } = page.lab.data.draft.evaluation;
    const steps = async (count: number) => {
      await user.clear(field('Steps'));
      await user.type(field('Steps'), `${count}{Enter}`);
    };
    await steps(3 * every);
    expect(screen.queryByText(/last evaluation/)).toBeNull();
    await steps(3 * every + 1);
    expect(screen.getByText(`The last evaluation is at step ${3 * every}.`)).toBeTruthy();
  });

  test('says behind the question mark where a default comes from, and what the run has', async () => {
    const { page, user, run, settle } = await show(<SetupPanel />);
    await run(1);
    const { steps } = page.lab.data.draft;
    await user.clear(field('Steps'));
    await user.type(field('Steps'), '12{Enter}');
    const mark = screen.getByRole('button', { name: 'About Steps' });
    const opened = new Event('beforetoggle');
    await settle(() =>
      document
        .getElementById(mark.getAttribute('popovertarget') ?? '')
        ?.dispatchEvent(Object.assign(opened, { newState: 'open' })),
    );
    expect(screen.getByText(`The run has ${steps}.`)).toBeTruthy();
    expect(screen.getByText(/^Our choice, not from TRL or a paper/)).toBeTruthy();
  });

  test('while a run goes a change is a draft: named with both values, dropped or restarted with', async () => {
    const { page, user, run, tick } = await show(<SetupPanel />);
    await run(2);
    const before = page.lab.data.draft.steps;
    await user.clear(field('Steps'));
    await user.type(field('Steps'), '12{Enter}');
    const notice = draft();
    if (!notice) throw new Error('no draft is shown');
    expect(within(notice).getByRole('button', { name: 'Steps' })).toBeTruthy();
    expect(notice.querySelector('del')?.textContent).toBe(String(before));
    expect(notice.querySelector('ins')?.textContent).toBe('12');
    expect(lead(page.lab.data)?.experiment.steps).toBe(before);

    await user.click(screen.getByRole('button', { name: 'Discard' }));
    expect(draft()).toBeNull();
    expect(field('Steps').value).toBe(String(before));

    await user.clear(field('Steps'));
    await user.type(field('Steps'), '9{Enter}');
    await user.click(screen.getByRole('button', { name: 'Restart with draft' }));
    await tick(1);
    expect(lead(page.lab.data)?.experiment.steps).toBe(9);
    expect(draft()).toBeNull();
  });

  test('a live setting goes to the run with the next step and is no draft', async () => {
    const { page, user, run, tick } = await show(<SetupPanel />);
    await run(2);
    await open(user, 'Learning rate');
    const rate = field('Learning rate');
    await user.clear(rate);
    await user.type(rate, '0.0007{Enter}');
    expect(draft()).toBeNull();
    expect(lead(page.lab.data)?.underWay).toEqual(['method.learning_rate']);
    await tick(1);
    expect(lead(page.lab.data)?.underWay).toEqual([]);
    expect(lead(page.lab.data)?.experiment).toMatchObject({ method: { learning_rate: 0.0007 } });
    expect(draft()).toBeNull();
  });

  test('what cannot be is refused beside its field, and the value stays', async () => {
    const { page, user } = await show(<SetupPanel />);
    const before = page.lab.data.draft.steps;
    for (const [text, says] of [
      ['many', /Not a number\. It stays/],
      ['-3', /It stays/],
      ['2.5', /whole/i],
    ] as const) {
      await user.clear(field('Steps'));
      await user.type(field('Steps'), `${text}{Enter}`);
      expect(screen.getByRole('alert').textContent).toMatch(says);
      expect(field('Steps').getAttribute('aria-invalid')).toBe('true');
      expect(page.lab.data.draft.steps).toBe(before);
    }
    await user.type(field('Steps'), '{Escape}');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(field('Steps').value).toBe(String(before));
  });

  test('a reward is weighed, added and taken away, and the formula follows', async () => {
    const { page, user } = await show(<SetupPanel />);
    const formula = () =>
      screen.getByText((_, element) => element?.className === 'rformula').textContent;
    expect(formula()).toMatch(/^R = 1\.0 answer/);
    const answer = screen.getByLabelText('Answer weight, number');
    await user.clear(answer);
    await user.type(answer, '2{Enter}');
    expect(formula()).toMatch(/^R = 2\.0 answer/);
    await user.selectOptions(screen.getByLabelText('Add a reward'), 'Confidence');
    expect(formula()).toMatch(/confidence/);
    await user.click(screen.getByRole('button', { name: 'Remove Confidence' }));
    expect(formula()).not.toMatch(/confidence/);
    expect(page.lab.data.draft.rewards.some(({ term }) => term === 'confidence')).toBe(false);
  });

  test('a preset with runs beside it says what each of them is', async () => {
    const { page, settle } = await show(<SetupPanel />);
    expect(screen.queryByText(/^3 runs\./)).toBeNull();
    await settle(() => page.lab.choosePreset('rltr-against-rlvr'));
    expect(screen.getByText(/^3 runs\. RLVR is .* Permuted, the control, is /)).toBeTruthy();
  });

  test('every method is described where it is chosen, and has the sections of its own settings', async () => {
    const { user } = await show(<SetupPanel />);
    const sections = ['Objective', 'Passes', 'Value', 'Continuations', 'Expert'];
    const shown = () => sections.filter((name) => screen.queryByRole('heading', { name }));
    for (const [label, has] of [
      ['GRPO', ['Objective', 'Passes']],
      ['PPO', ['Objective', 'Passes', 'Value']],
      ['VinePPO', ['Objective', 'Passes', 'Continuations']],
      ['SFT', ['Expert']],
    ] as const) {
      await user.selectOptions(field('Method'), label);
      expect(shown()).toEqual(has);
    }
    for (const { label, description } of Object.values(METHODS)) {
      await user.selectOptions(field('Method'), label);
      expect(screen.getByText(description)).toBeTruthy();
    }
  });

  test('a method that does not use the reward terms says so, and the terms come back with one that pays', async () => {
    const { page, user } = await show(<SetupPanel />);
    const { rewards } = page.lab.data.draft;
    await user.selectOptions(field('Method'), 'SFT');
    expect(screen.getByText(/^SFT does not use the reward terms\./)).toBeTruthy();
    expect(screen.queryByLabelText('Add a reward')).toBeNull();
    expect(page.lab.data.draft.rewards).toEqual(rewards);
    await user.selectOptions(field('Method'), 'GRPO');
    expect(screen.queryByText(/does not use the reward terms/)).toBeNull();
    expect(screen.getByLabelText('Add a reward')).toBeTruthy();
  });

  test('says before Run where a policy will not be trained, and leads on to the microscope where a preset does', async () => {
    const { page, settle } = await show(<SetupPanel />);
    await settle(() => page.lab.choosePreset('vote-is-wrong'));
    const remark = () => screen.queryByText('The policy will not be trained');
    expect(remark()).toBeNull();
    await settle(() => page.lab.setSetting('steps', 60));
    expect(remark()).toBeTruthy();
    await settle(() => page.lab.setSetting('steps', 61));
    expect(remark()).toBeNull();
    const link = screen.getByRole('link', { name: /sixteen answers/ });
    expect(link.getAttribute('href')).toContain('scope=wrong');
  });

  test('says before Run what does not fit the policy, refuses to start it, and sets what does', async () => {
    const { page, settle, user } = await show(<SetupPanel />);
    await settle(() => page.lab.choosePreset('raro-ties'));
    const misfit = () => screen.queryByText('This does not fit the policy');
    expect(misfit()).toBeNull();
    await settle(() => {
      page.lab.setSetting('method.max_critic_length', 96);
      page.lab.setSetting('method.max_answer_length', 24);
    });
    expect(misfit()).toBeTruthy();
    await settle(() => page.lab.run());
    expect(page.lab.data.state).toBe('idle');
    const report = page.lab.data.failure?.report;
    expect(report).toMatchObject({ kind: 'BadConfig', field: 'method.max_critic_length' });
    const most = Number(/At most (\d+) fit/.exec(report?.remedy ?? '')?.[1]);
    await user.click(screen.getByRole('button', { name: `Longest verdict ${most}` }));
    expect(page.lab.data.draft.method).toMatchObject({ max_critic_length: most });
    expect(misfit()).toBeNull();
    await settle(() => page.lab.run());
    expect(page.lab.data.state).not.toBe('idle');
  });
});
