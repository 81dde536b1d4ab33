/** One question, one policy and one answer, looked at by several microscopes in turn. */
import { describe, expect, test, vi } from 'vitest';
import { badFile } from '../../errors.ts';
import { fakeModel } from '../testing/fake-model.ts';
import { ModelSession } from './model-session.ts';
import type { ModelRef } from './models.ts';
import { openTask } from './scope-tasks.ts';
import { Subject } from './subject.ts';
import { TransferMicroscope } from './transfer/transfer.ts';
import { WithoutMicroscope } from './without/without.ts';

const task = openTask('countdown');
const question = task.readQuestion('3 5 7=26:');
const fake = ({ key }: ModelRef) => fakeModel(key, { task, skill: 0.5 });
const ref = (key: string): ModelRef => ({ kind: 'bundled', key, folder: key });
const never = new AbortController().signal;

describe('two microscopes', () => {
  const both = () => {
    const opened: string[] = [];
    const subject = new Subject(async (asked) => {
      opened.push(asked.key);
      return fake(asked);
    });
    const transfer = new TransferMicroscope(subject, { settleMs: 0 });
    const without = new WithoutMicroscope(subject, { settleMs: 0 });
    const show = (shown: 'transfer' | 'without') => {
      transfer.setAwake(shown === 'transfer');
      without.setAwake(shown === 'without');
    };
    const answered = () =>
      vi.waitFor(() => expect(transfer.data.lanes[0]).toMatchObject({ status: 'ready' }));
    const read = () => vi.waitFor(() => expect(without.data.status).toBe('ready'));
    return { subject, transfer, without, opened, show, answered, read };
  };

  test('look at the same answer, and open the policy once', async () => {
    const { subject, transfer, without, opened, show, answered, read } = both();
    show('transfer');
    subject.ask(question);
    await answered();
    const { answer, cut } = transfer.data.lanes[0];
    show('without');
    await read();
    expect(without.data.score?.text).toBe(answer?.text);
    show('transfer');
    expect(transfer.data.lanes[0].answer).toBe(answer);
    expect(transfer.data.lanes[0].cut).toBe(cut);
    const { key } = subject.data.policy.ref;
    expect(opened.filter((one) => one === key)).toHaveLength(1);
    show('without');
    subject.session.close();
  });

  test('what is written in one is cut in the other, and a new answer is the policy’s again', async () => {
    const { subject, transfer, show, answered, read } = both();
    show('without');
    subject.ask(question);
    subject.write('3+5=8,8+7=15');
    await read();
    show('transfer');
    await answered();
    expect(transfer.data.lanes[0]).toMatchObject({
      number: null,
      answer: { text: '3+5=8,8+7=15', verdict: { correct: false } },
    });
    transfer.newAnswer(0);
    await answered();
    expect(transfer.data.lanes[0].number).toBe(0);
    expect(subject.data.answer?.text).toBe(transfer.data.lanes[0].answer?.text);
    show('without');
    subject.session.close();
  });

  test('another question asked in one is what the other shows', async () => {
    const { subject, transfer, show, answered } = both();
    show('transfer');
    subject.ask(question);
    await answered();
    show('without');
    const other = task.readQuestion('2 4 6=12:');
    subject.ask(other);
    expect(transfer.data.question).toBe(question);
    show('transfer');
    expect(transfer.data.question).toBe(other);
    show('without');
    subject.session.close();
  });
});

describe('a session of models', () => {
  test('keeps what somebody needs, and gives back what nobody does', async () => {
    const models: ReturnType<typeof fake>[] = [];
    const session = new ModelSession(async (asked) => {
      const model = fake(asked);
      models.push(model);
      return model;
    });
    const [one, other] = [{}, {}];
    session.need(one, ['a', 'b']);
    session.need(other, ['b']);
    await session.use(ref('a'), never, async () => undefined);
    await session.use(ref('b'), never, async () => undefined);
    session.need(one, []);
    await vi.waitFor(() => expect(models.map(({ closed }) => closed)).toEqual([true, false]));
    session.close();
    await vi.waitFor(() => expect(models.map(({ closed }) => closed)).toEqual([true, true]));
  });

  test('says what failed, and opens it anew with the next try', async () => {
    let tries = 0;
    const session = new ModelSession(async (asked) => {
      tries += 1;
      if (tries === 1) throw badFile('model.safetensors', 'it is cut short');
      return fake(asked);
    });
    const work = vi.fn(async () => undefined);
    expect(await session.use(ref('a'), never, work)).toMatchObject({ kind: 'BadFile' });
    expect(session.has(ref('a'))).toBe(false);
    expect(await session.use(ref('a'), never, work)).toBeNull();
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('reports nothing of work that is wanted no longer', async () => {
    const session = new ModelSession(async (asked) => fake(asked));
    const abort = new AbortController();
    const problem = session.use(ref('a'), abort.signal, async () => {
      abort.abort();
      throw new Error('cut off');
    });
    expect(await problem).toBeNull();
    expect(session.has(ref('a'))).toBe(true);
  });
});
