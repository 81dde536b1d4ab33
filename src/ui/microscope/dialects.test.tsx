// @vitest-environment happy-dom
/** The microscopes on a task with dialects. */
import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { show } from '../testing/show.tsx';
import { readSubject, restoreSubject, writeSubject } from './address.ts';
import { MicroscopePage } from './microscope-page.tsx';
import { type ModelChoice, receiversOf, taskOfModel } from './models.ts';
import { openTask, SCOPE_TASKS, scopeTaskOf } from './scope-tasks.ts';
import { Subject } from './subject.ts';
import { TransferMicroscope } from './transfer/transfer.ts';
import { freshData } from './transfer/transfer-data.ts';

const task = openTask('chain-dialects');
const question = task.readQuestion('3+8+5+1+9+2:');
const PUBLIC = '3+8=11,11+5=16,16+1=17,17+9=26,26+2=28;28';
const PRIVATE = 'd+i=bb,bb+f=bg,bg+b=bh,bh+j=cg,cg+c=ci;28';
const slow = { timeout: 10_000 };
const never = async () => {
  throw new Error('nothing is opened here');
};

beforeEach(() => history.replaceState(null, '', '/?page=microscope'));

test('models belong to the form of the task that names them, and to no other', () => {
  const keys = (models: readonly ModelChoice[]) => models.map(({ ref }) => ref.key);
  for (const { id, models = [], receivers = [] } of SCOPE_TASKS) {
    // Every model of the form is a bundled one.
    const own = keys(receiversOf(id));
    for (const name of models)
      expect(
        own.some((key) => key.endsWith(`/${name}`)),
        name,
      ).toBe(true);
    expect(own).toEqual(expect.arrayContaining([...receivers]));
    for (const key of own) expect(taskOfModel(key)).toBe(id);
  }
  expect(taskOfModel('policies/chain-dialects')).toBe('chain-dialects');
  expect(taskOfModel('policies/chain-nano')).toBe('chain');
  const { receivers } = freshData('chain-dialects');
  expect(receivers.map(({ model }) => model.name)).toEqual(['public-deep', 'bilingual']);
});

test('an experiment is looked at in the form whose answers are read as its own', () => {
  const chain = {
    id: 'chain',
    min_terms: 2,
    max_terms: 4,
    largest_term: 99,
    answer_apart: false,
  } as const;
  const formOf = (more: object) => scopeTaskOf({ ...chain, ...more }).id;
  expect(formOf({})).toBe('chain');
  expect(formOf({ min_terms: 7, max_terms: 8 })).toBe('chain');
  expect(formOf({ min_terms: 7, max_terms: 8, largest_term: 9 })).toBe('chain-carry');
  expect(formOf({ answer_apart: true, min_terms: 6, max_terms: 8, largest_term: 9 })).toBe(
    'chain-dialects',
  );
  expect(formOf({ answer_apart: true, min_terms: 2, max_terms: 3 })).toBe('chain-chatter');
});

test('a question opens on the expert’s public and private answer to it, both right', async () => {
  const subject = new Subject(never);
  subject.chooseTask('chain-dialects');
  subject.ask(question);
  expect(subject.data).toMatchObject({ answer: { text: PUBLIC, number: null }, beside: PRIVATE });
  for (const text of [PUBLIC, PRIVATE]) {
    expect(task.verify?.(question, text).correct).toBe(true);
  }
  subject.chooseTask('countdown');
  subject.ask(openTask('countdown').readQuestion('3 5 7=26:'));
  expect(subject.data).toMatchObject({ answer: null, beside: null });
});

test('a link opens the same two answers, and one where only one was shown', () => {
  const opened = (showsTwo: boolean) => {
    const subject = new Subject(never);
    const scope = new TransferMicroscope(subject);
    subject.chooseTask('chain-dialects');
    scope.setAwake(true);
    subject.ask(question);
    if (!showsTwo) scope.compare(null);
    const query = new URLSearchParams();
    writeSubject(query, subject.data);
    scope.writeAddress(query);
    scope.setAwake(false);
    const [other, again] = [new Subject(never)].map(
      (s) => [s, new TransferMicroscope(s)] as const,
    )[0];
    const address = readSubject(query);
    if (!address) throw new Error('the address asks nothing');
    again.setAwake(true);
    restoreSubject(other, address);
    again.readAddress(query);
    again.setAwake(false);
    return [other.data.answer?.text, ...again.data.lanes.slice(1).map(({ given }) => given?.text)];
  };
  expect(opened(true)).toEqual([PUBLIC, PRIVATE]);
  expect(opened(false)).toEqual([PUBLIC]);
});

test('the page shows both, marked with their dialects, and lets go of the second', async () => {
  const { user } = await show(<MicroscopePage />);
  await user.selectOptions(screen.getByLabelText('Task'), 'Chain in dialects');
  await user.click(within(screen.getByRole('main')).getAllByRole('listitem')[0].children[0]);
  const chips = () =>
    [...document.querySelectorAll('.dialect')].map(({ textContent }) => textContent);
  await waitFor(() => expect(chips()).toEqual(['Public', 'Private']), slow);
  const both = screen.getByRole('button', { name: 'Public and private' });
  expect(both.getAttribute('aria-pressed')).toBe('true');
  await user.click(both);
  await waitFor(() => expect(chips()).toEqual(['Public']), slow);
  await user.click(both);
  await waitFor(() => expect(chips()).toEqual(['Public', 'Private']), slow);
  // The second answer of the pair gives way to the policy’s own.
  await user.click(screen.getAllByRole('button', { name: 'dialects' })[1]);
  await user.click(screen.getByRole('button', { name: 'New answer' }));
  await waitFor(() => expect(screen.getByText('answer 1')).toBeTruthy(), slow);
  expect(screen.getAllByText('as written')).toHaveLength(1);
});
