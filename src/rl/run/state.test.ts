import { describe, expect, it } from 'vitest';
import type { Learner } from '../../model/learner.ts';
import { LearnerPart, SavedPart } from './state.ts';

/** A learner that is a single number, with its snapshots. */
function numberLearner(slots: number) {
  const held = { value: 0, copies: new Array<number>(slots).fill(Number.NaN) };
  const learner = {
    snapshot(slot: number) {
      if (slot >= slots) throw new RangeError('no such slot');
      held.copies[slot] = held.value;
    },
    rollback(slot: number) {
      held.value = held.copies[slot];
    },
    clearGradients: () => undefined,
  };
  return { held, part: new LearnerPart('policy', learner as unknown as Learner) };
}

/** Updates as a step does: the state before the first one is kept. */
function update({ held, part }: ReturnType<typeof numberLearner>, by: number, good = false) {
  if (good) part.good();
  part.touch();
  held.value += by;
}

describe('the state of a learner', () => {
  it('goes back to where its step began, with one slot where every first update is known to be good', () => {
    const policy = numberLearner(1);
    policy.part.begin();
    update(policy, 1, true);
    policy.part.begin();
    update(policy, 10, true);
    policy.held.value += 100;
    policy.part.again();
    expect(policy.held.value).toBe(1);
    // A number that is none: the last state that was known to be good is where this step began.
    policy.part.begin();
    policy.part.back();
    expect(policy.held.value).toBe(1);
  });

  it('with two slots goes back by a step where what it updated first turned out bad', () => {
    const critic = numberLearner(2);
    critic.part.begin();
    update(critic, 1);
    critic.part.good();
    critic.part.begin();
    update(critic, 10);
    expect(critic.held.value).toBe(11);
    // The policy finds a bad number before anything vouches for this step.
    critic.part.back();
    expect(critic.held.value).toBe(0);
  });

  it('with two slots does a step again from where it began, also after a step without an update', () => {
    const critic = numberLearner(2);
    for (const by of [1, 0, 10]) {
      critic.part.begin();
      if (by > 0) update(critic, by);
      critic.part.good();
    }
    critic.part.begin();
    update(critic, 100);
    critic.part.again();
    expect(critic.held.value).toBe(11);
    update(critic, 1000);
    critic.part.back();
    expect(critic.held.value).toBe(1);
  });
});

describe('the count of a learner’s updates', () => {
  it('goes back with the learner, and is restored with it', async () => {
    const { held, part } = numberLearner(2);
    const whole = {
      parameters: new Float32Array(1),
      m: new Float32Array(1),
      v: new Float32Array(1),
    };
    Object.assign(part.learner, { readState: async () => whole, writeState: () => undefined });
    const learn = (count: number, good = false) => {
      update({ held, part }, 1, good);
      part.updates = (part.updates ?? 0) + count;
    };
    part.begin();
    learn(3, true);
    part.begin();
    learn(5);
    expect(part.updates).toBe(8);
    part.again();
    expect(part.updates).toBe(3);
    learn(5);
    const files = await part.read();
    const restored = numberLearner(2).part;
    Object.assign(restored.learner, part.learner);
    restored.write(files);
    expect(restored.updates).toBe(8);
    // The second step was never found good.
    part.back();
    expect(part.updates).toBe(null);
  });

  it('is not known where an earlier build saved the learner, and refused where it is no number', async () => {
    const { part } = numberLearner(1);
    Object.assign(part.learner, { writeState: () => undefined });
    const one = new Float32Array(1);
    const files = new Map<string, Float32Array<ArrayBuffer> | Uint8Array>([
      ...(['parameters', 'm', 'v'] as const).map((name) => [name, one] as const),
    ]);
    part.write(files);
    expect(part.updates).toBe(null);
    files.set('updates', new TextEncoder().encode('x'));
    expect(() => part.write(files)).toThrow(expect.objectContaining({ kind: 'BadFile' }));
  });
});

describe('the state of what is kept on the host', () => {
  const owner = {
    count: 0,
    save: async () => new Map([['count', Uint8Array.of(owner.count)]]),
    restore: async (files: ReadonlyMap<string, Uint8Array>) => {
      owner.count = files.get('count')?.[0] ?? 0;
    },
  };

  it('is read under its name, and takes back only what is its own', async () => {
    const part = new SavedPart('judge', owner);
    owner.count = 7;
    const files = await part.read();
    expect([...files.keys()]).toEqual(['judge.count']);
    owner.count = 0;
    await part.write(new Map([...files, ['other.count', Uint8Array.of(9)]]));
    expect(owner.count).toBe(7);
  });

  it('goes back to where the step began, and further back to the last good state', async () => {
    const part = new SavedPart('judge', owner);
    owner.count = 1;
    await part.begin();
    part.good();
    owner.count = 2;
    await part.begin();
    owner.count = 3;
    await part.again();
    expect(owner.count).toBe(2);
    owner.count = 3;
    await part.back();
    expect(owner.count).toBe(1);
  });
});
