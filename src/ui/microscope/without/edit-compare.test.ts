/** The answer before an edit stays beside the answer now, and others are asked of both. */
import { describe, expect, it, vi } from 'vitest';
import { fakeModel } from '../../testing/fake-model.ts';
import { openTask } from '../scope-tasks.ts';
import { Subject } from '../subject.ts';
import { CUTS, prefixesOf } from './asked-of-others.ts';
import { WithoutMicroscope } from './without.ts';

function opened(id: string) {
  const task = openTask(id);
  const open = vi.fn(async () => fakeModel('fake', { task, skill: 0.5 }));
  const subject = new Subject(open, id);
  const scope = new WithoutMicroscope(subject, { settleMs: 0 });
  scope.setAwake(true);
  const scored = (text: string) =>
    vi.waitFor(() => expect(scope.data.score?.text).toBe(text), { timeout: 5000 });
  const close = () => {
    scope.setAwake(false);
    subject.session.close();
  };
  return { task, subject, scope, scored, close };
}

describe('an edited answer', () => {
  it('is compared with what stood there first, until the policy answers or another question is asked', async () => {
    const { task, subject, scope, scored, close } = opened('countdown');
    const question = task.question('test', 0, 1);
    subject.ask(question);
    const first = subject.data.answer?.text ?? '';
    await scored(first);
    const { store } = scope.edits;
    expect(store.getState().base?.text).toBe(first);
    subject.write('1+1=2');
    await scored('1+1=2');
    expect(store.getState().base?.text).toBe(first);
    await scope.answer();
    const given = subject.data.answer?.text ?? '';
    await vi.waitFor(() => expect(store.getState().base?.text).toBe(given));
    subject.write('2+2=4');
    await scored('2+2=4');
    expect(store.getState().base?.text).toBe(given);
    const { score } = scope.data;
    if (score) scope.edits.keep(score);
    expect(store.getState().base?.text).toBe('2+2=4');
    close();
  });

  it('is finished by a receiver like the one before, and each text is asked once', async () => {
    const { task, subject, scope, scored, close } = opened('countdown');
    const question = task.question('test', 0, 1);
    subject.ask(question);
    const right = subject.data.answer?.text ?? '';
    await scored(right);
    await scope.edits.askReceiver([right, '1+1=2']);
    const { said, asking, problem } = scope.edits.store.getState();
    expect([asking, problem]).toEqual([null, null]);
    // Where the whole answer is right the receiver has only to end it.
    expect(said.get(right)?.transfer).toBeGreaterThan(said.get('1+1=2')?.transfer ?? 1);
    const before = said.get(right);
    await scope.edits.askReceiver([right]);
    expect(scope.edits.store.getState().said.get(right)).toBe(before);
    close();
  });

  it('is put to the critic beside the expert’s, where the task has one', async () => {
    const { task, subject, scope, scored, close } = opened('chain-critic');
    expect(scope.edits.criticKnown).toBe(true);
    subject.ask(task.question('test', 0, 1));
    const text = subject.data.answer?.text ?? '';
    await scored(text);
    await scope.edits.askCritic([text, 'zz']);
    const { said } = scope.edits.store.getState();
    expect(said.get(text)?.critic?.tie).toBeGreaterThan(0);
    expect(said.get('zz')?.critic).toBeNull();
    close();
    const plain = opened('word');
    expect(plain.scope.edits.criticKnown).toBe(false);
    plain.close();
  });

  it('is cut evenly, its whole text included', () => {
    expect(prefixesOf('abcdefghijklmnopqrst')).toHaveLength(CUTS);
    expect(prefixesOf('abcdefghijklmnopqrst').at(-1)).toBe('abcdefghijklmnopqrst');
    expect(new Set(prefixesOf(''))).toEqual(new Set(['']));
  });
});
