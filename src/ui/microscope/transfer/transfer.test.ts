import { describe, expect, test } from 'vitest';
import { badFile } from '../../../errors.ts';
import { fakeModel } from '../../testing/fake-model.ts';
import type { Model, OpenModel } from '../model-session.ts';
import type { ModelRef } from '../models.ts';
import { openTask } from '../scope-tasks.ts';
import { Subject } from '../subject.ts';
import { TransferMicroscope } from './transfer.ts';
import { curveOf, type TransferData } from './transfer-data.ts';

const task = openTask('countdown');
const question = task.readQuestion('3 5 7=26:');
const skills = new Map([['policies/countdown-micro', 0.9]]);
const fake = ({ key }: ModelRef, more = {}) =>
  fakeModel(key, { task, skill: skills.get(key) ?? 0.4, ...more });

function microscope(open: OpenModel = async (ref) => fake(ref)) {
  const subject = new Subject(open);
  const scope = new TransferMicroscope(subject, { settleMs: 1 });
  scope.setAwake(true);
  const close = () => {
    scope.setAwake(false);
    subject.session.close();
  };
  const until = (done: (data: TransferData) => boolean) =>
    new Promise<TransferData>((resolve) => {
      if (done(scope.data)) resolve(scope.data);
      const stop = scope.store.subscribe((data) => {
        if (!done(data)) return;
        stop();
        resolve(data);
      });
    });
  return { subject, scope, until, close };
}

const finished = ({ receivers }: TransferData) =>
  receivers.every(({ status }) => status === 'done' || status === 'failed');
const pools = ({ receivers }: TransferData) => receivers.map((r) => [...r.pools].sort());

describe('the transfer microscope', () => {
  test('has every receiver finish the answer from every cut, as often as was asked', async () => {
    const { subject, scope, until, close } = microscope();
    scope.setTries(6);
    subject.ask(question);
    const data = await until(finished);
    const { answer } = data.lanes[0];
    expect(answer?.tokens.join('')).toBe(answer?.text);
    for (const receiver of data.receivers) {
      const curve = curveOf(receiver, answer!);
      expect(curve.map(({ cut }) => cut)).toEqual([...answer!.prefixes.keys()]);
      expect(curve.every(({ tries }) => tries === 6)).toBe(true);
    }
    close();
  });

  test('draws the same picture for the same question, wherever the cut was meanwhile', async () => {
    const pictures: unknown[] = [];
    for (const wander of [false, true]) {
      const { subject, scope, until, close } = microscope(async (ref) => fake(ref, { delayMs: 1 }));
      scope.setTries(5);
      subject.ask(question);
      if (wander) {
        await until(({ lanes }) => lanes[0].status === 'ready');
        for (const cut of [1, 9, 4]) {
          scope.moveCut(0, cut);
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
      }
      pictures.push(pools(await until(finished)));
      close();
    }
    expect(pictures[1]).toEqual(pictures[0]);
  });

  test('keeps the tries it has when more are asked for', async () => {
    const { subject, scope, until, close } = microscope();
    scope.setTries(3);
    subject.ask(question);
    const few = await until(finished);
    scope.setTries(7);
    const many = await until(finished);
    for (const [i, receiver] of few.receivers.entries()) {
      for (const [place, pool] of receiver.pools) {
        expect(many.receivers[i].pools.get(place)?.slice(0, 3)).toEqual(pool);
      }
    }
    close();
  });

  test('lets the others go on where one receiver fails, and says what failed', async () => {
    const broken = 'policies/countdown-micro';
    let working = false;
    const { subject, scope, until, close } = microscope(async (ref) =>
      ref.key === broken && !working
        ? Promise.reject(badFile('model.safetensors', 'model.safetensors is cut short'))
        : fake(ref),
    );
    scope.setTries(2);
    subject.ask(question);
    const data = await until(finished);
    const failed = data.receivers.find(({ model }) => model.ref.key === broken);
    const others = data.receivers.filter((receiver) => receiver !== failed);
    expect(failed).toMatchObject({ status: 'failed', problem: { kind: 'BadFile' } });
    expect(others.length).toBeGreaterThan(0);
    for (const { status } of others) expect(status).toBe('done');
    working = true;
    scope.retry(broken);
    const again = await until(finished);
    expect(again.receivers.every(({ status }) => status === 'done')).toBe(true);
    close();
  });

  test('cancels what is under way when another question is asked, and keeps none of it', async () => {
    const requests: Parameters<Model['complete']>[0][] = [];
    const { subject, scope, until, close } = microscope(async (ref) =>
      fake(ref, { delayMs: 3, onRequest: (r: (typeof requests)[number]) => requests.push(r) }),
    );
    scope.setTries(2);
    subject.ask(question);
    await until(({ receivers }) => receivers.some(({ pools }) => pools.size > 0));
    const under = requests.slice();
    const other = task.readQuestion('2 4 6=12:');
    subject.ask(other);
    expect(under.at(-1)?.signal?.aborted).toBe(true);
    const data = await until((d) => d.lanes[0].status === 'ready' && finished(d));
    const asked = requests
      .slice(under.length)
      .map(({ prompts }) => String.fromCodePoint(...prompts[0]));
    expect(asked.every((prompt) => prompt.startsWith(other.prompt))).toBe(true);
    for (const receiver of data.receivers) {
      expect(receiver.pools.size).toBe(data.lanes[0].answer!.prefixes.length);
    }
    close();
  });

  test('does first what somebody looks at, then what stands for nothing', async () => {
    const order: string[] = [];
    const { subject, scope, until, close } = microscope(async (ref) =>
      fake(ref, {
        delayMs: 1,
        onRequest: ({ prompts, copies }: Parameters<Model['complete']>[0]) => {
          if (ref.key === scope.data.receivers[0].model.ref.key && copies === 4) {
            order.push(String.fromCodePoint(...prompts[0]));
          }
        },
      }),
    );
    scope.setTries(4);
    subject.ask(question);
    const { lanes } = await until(({ lanes }) => lanes[0].status === 'ready');
    const { answer, cut } = lanes[0];
    await until(finished);
    expect(order.slice(0, 2)).toEqual([question.prompt + answer!.prefixes[cut], question.prompt]);
    close();
  });

  test('compares two policies on one question, and shares what was finished from the same beginning', async () => {
    const scratch: string[] = [];
    const { subject, scope, until, close } = microscope(async (ref) =>
      fake(ref, {
        onRequest: ({ prompts, copies }: Parameters<Model['complete']>[0]) => {
          const prompt = String.fromCodePoint(...prompts[0]);
          if (copies === 3 && prompt === question.prompt) scratch.push(ref.key);
        },
      }),
    );
    scope.setTries(3);
    subject.ask(question);
    await until(finished);
    const other = scope.data.receivers.find(
      ({ model }) => model.ref.key !== scope.data.lanes[0].policy.ref.key,
    );
    scope.compare(other!.model);
    const data = await until((d) => d.lanes[1]?.status === 'ready' && finished(d));
    for (const { answer } of data.lanes) {
      for (const receiver of data.receivers) {
        expect(curveOf(receiver, answer!)).toHaveLength(answer!.prefixes.length);
      }
    }
    expect(scratch).toHaveLength(data.receivers.length);
    close();
  });

  test('rests while nobody looks and gives every model back at the end', async () => {
    const models: ReturnType<typeof fakeModel>[] = [];
    const { subject, scope, until, close } = microscope(async (ref) => {
      const model = fake(ref, { delayMs: 2 });
      models.push(model);
      return model;
    });
    scope.setTries(2);
    subject.ask(question);
    await until(({ receivers }) => receivers.some(({ pools }) => pools.size > 1));
    scope.setAwake(false);
    const before = pools(scope.data);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(pools(scope.data)).toEqual(before);
    scope.setAwake(true);
    await until(finished);
    close();
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(models.every(({ closed }) => closed)).toBe(true);
  });
});
