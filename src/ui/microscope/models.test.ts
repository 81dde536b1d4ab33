import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../rl/experiment/catalog.ts';
import { RECEIVERS } from '../../rl/experiment/receivers.ts';
import { policiesOf, receiversOf, taskOfModel } from './models.ts';
import { freshData, withReceivers } from './transfer/transfer-data.ts';

describe('the models on offer', () => {
  test('are each of one task, the placeholder for a run’s own policy apart', () => {
    for (const { value } of [...POLICIES, ...RECEIVERS]) {
      if (value !== 'policy') expect(taskOfModel(value), value).toBeDefined();
    }
    expect(taskOfModel('policies/nothing-nano')).toBeUndefined();
  });

  test('stand once each among the receivers, with a name of their own', () => {
    for (const task of ['countdown', 'chain'] as const) {
      const keys = receiversOf(task).map(({ ref }) => ref.key);
      const names = receiversOf(task).map(({ name }) => name);
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(names).size).toBe(names.length);
      for (const { ref } of policiesOf(task)) expect(keys).toContain(ref.key);
    }
  });

  test('give at least two receivers to every task with a policy, none of them the policy that answers', () => {
    for (const task of ['countdown', 'chain'] as const) {
      const { receivers, lanes } = freshData(task);
      expect(receivers.length).toBeGreaterThanOrEqual(2);
      for (const { model } of receivers) expect(model.ref.key).not.toBe(lanes[0].policy.ref.key);
    }
  });
});

test('a receiver that stays chosen keeps its tries; the band moves on from one that goes', () => {
  const data = freshData('countdown');
  const [first, second] = data.receivers.map(({ model }) => model);
  const pools = new Map([['0 ', [{ text: '', tokens: 1, truncated: false, correct: true }]]]);
  const worked = { ...data, receivers: data.receivers.map((r) => ({ ...r, pools })) };
  const chosen = withReceivers(worked, [second]);
  expect(chosen.receivers.map(({ pools: kept }) => kept)).toEqual([pools]);
  expect(worked.lifted).toBe(first.ref.key);
  expect(chosen.lifted).toBe(second.ref.key);
});
