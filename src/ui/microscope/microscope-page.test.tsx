// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';
import { show } from '../testing/show.tsx';
import { MicroscopePage } from './microscope-page.tsx';

const tab = (name: string) =>
  within(screen.getByRole('navigation', { name: 'Microscopes' })).getByRole('button', { name });
const question = () =>
  within(screen.getByRole('main')).getAllByRole('heading', { level: 2 })[0].textContent;
const answer = () => screen.getByLabelText<HTMLInputElement>('Answer');
const slow = { timeout: 10_000 };

beforeEach(() => history.replaceState(null, '', '/?page=microscope'));

describe('the microscopes', () => {
  test('keep question, policy and answer when another one is shown', async () => {
    const { user } = await show(<MicroscopePage />);
    await user.click(tab('Without the question'));
    await user.click(within(screen.getByRole('main')).getAllByRole('listitem')[0].children[0]);
    const asked = question();
    await user.clear(answer());
    await user.type(answer(), '1+1=2');
    await user.selectOptions(screen.getByLabelText('Read by'), 'micro');
    await user.click(tab('Transfer'));
    expect(question()).toBe(asked);
    expect(screen.getByRole('region', { name: 'Answer of micro' })).toBeTruthy();
    await waitFor(() => expect(screen.getByText('as written')).toBeTruthy(), slow);
    await user.click(tab('Without the question'));
    expect(answer().value).toBe('1+1=2');
  });

  test('say what is wrong with a typed question, and take one that is right', async () => {
    const { user } = await show(<MicroscopePage />);
    const typed = screen.getByRole('textbox', { name: /type one/ });
    await user.type(typed, 'three plus five{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('not a Countdown question');
    await user.clear(typed);
    await user.type(typed, '3 5 7=26{Enter}');
    expect(question()).toBe('Make 26 from 3, 5 and 7');
  });

  test('take a question as it is shown', async () => {
    const { user } = await show(<MicroscopePage />);
    const typed = screen.getByRole('textbox', { name: /type one/ });
    await user.type(typed, 'Make 26 from 3, 5, 7{Enter}');
    expect(question()).toBe('Make 26 from 3, 5 and 7');
  });

  test('open what their address says, and keep it saying what is shown', async () => {
    const said = 'task=countdown&question=3+5+7%3D26%3A&text=3*7%3D21';
    history.replaceState(null, '', `/?page=microscope&scope=without&${said}`);
    const { user } = await show(<MicroscopePage />);
    expect(answer().value).toBe('3*7=21');
    await user.type(answer(), ',21+5=26');
    await waitFor(() => {
      const query = new URLSearchParams(location.search);
      expect(query.get('scope')).toBe('without');
      expect(query.get('text')).toBe('3*7=21,21+5=26');
    }, slow);
    await user.click(tab('Transfer'));
    const query = new URLSearchParams(location.search);
    expect([query.has('scope'), query.get('text')]).toEqual([false, '3*7=21,21+5=26']);
  });

  test('keep the reward model of a link, and how it is read, where nothing is asked yet', async () => {
    const said = 'reward=reward-models/hops-backwards&read=interval-5';
    history.replaceState(null, '', `/?page=microscope&scope=wrong&${said}`);
    await show(<MicroscopePage />);
    const picked = screen.getByLabelText<HTMLSelectElement>('Reward by');
    expect(picked.value).toBe('reward-models/hops-backwards');
    // It stands for its task, and is what a visit to that task begins with.
    const query = new URLSearchParams(location.search);
    expect(query.get('task')).toBe('hops-backwards');
    expect(query.get('read')).toBe('interval-5');
    expect(query.has('question')).toBe(false);
  });

  test('the arena judges a run’s pair, and says who wrote which only once it was called', async () => {
    const { page, run, settle, user } = await show(<MicroscopePage />);
    await settle(() => page.lab.choosePreset('raro-against-rlvr'));
    await run(3);
    await user.click(tab('Arena'));
    await user.click(await screen.findByRole('button', { name: /run’s pairs of step 3/ }));
    const pair = screen.getByRole('region', { name: 'The pair' });
    expect(pair.textContent).toContain('17');
    expect(pair.textContent).not.toMatch(/the policy’s/);
    expect(screen.getByText(/pair 1 of 2, fresh/)).toBeTruthy();
    await user.click(within(pair).getByRole('button', { name: '2' }));
    expect(pair.textContent).toMatch(/the policy’s/);
    expect(pair.textContent).toContain('No: the expert’s is 1.');
    await user.click(screen.getByRole('button', { name: 'Next pair' }));
    expect(screen.getByText(/replayed, from step 1/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Ask the critic' }));
    await waitFor(() => {
      const before = screen.getByRole('article', { name: /^Before training/ });
      expect(within(before).getAllByRole('row')).toHaveLength(3);
    }, slow);
  });

  test('a couplet keeps its two lines in the form of a pair', async () => {
    const said =
      'task=couplet-critic&question=book:&first=the+book%0Aa+hook&second=my+book%0Aa+clay';
    history.replaceState(null, '', `/?page=microscope&scope=arena&${said}`);
    const { user } = await show(<MicroscopePage />);
    const first = await screen.findByLabelText<HTMLTextAreaElement>('Answer 1');
    expect(first.value).toBe('the book\na hook');
    await user.clear(first);
    await user.type(first, 'a book{Enter}a nook');
    await user.click(screen.getByRole('button', { name: 'Take this pair' }));
    const pair = screen.getByRole('region', { name: 'The pair' });
    expect(pair.textContent).toContain('a book\na nook');
    expect(pair.textContent).toContain('my book\na clay');
  });
});
