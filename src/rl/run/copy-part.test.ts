import { describe, expect, it } from 'vitest';
import type { Learner } from '../../model/learner.ts';
import { CopyPart } from './copy-part.ts';

/** A model that is a single number. */
function numberModel(value: number) {
  const held = { value };
  const learner = {
    readParameters: async () => Float32Array.of(held.value),
    setParameters: ([now]: Float32Array) => {
      held.value = now;
    },
  } as unknown as Learner;
  return { held, learner };
}

function copyOf(value: number) {
  const [copy, policy] = [numberModel(value), numberModel(value)];
  const part = new CopyPart('round', copy.learner);
  const renewTo = (now: number) => {
    policy.held.value = now;
    return part.renew(policy.learner);
  };
  return { part, held: copy.held, renewTo };
}

describe('a copy of the policy', () => {
  it('is what the policy was when it was renewed, and goes back to where its step began', async () => {
    const { part, held, renewTo } = copyOf(1);
    part.begin();
    await renewTo(2);
    expect(held.value).toBe(2);
    part.again();
    expect(held.value).toBe(1);
    await renewTo(2);
    part.good();
    part.begin();
    part.again();
    expect(held.value).toBe(2);
  });

  it('goes back by a step where nothing vouched for the later one, and by no more', async () => {
    const { part, held, renewTo } = copyOf(1);
    part.begin();
    await renewTo(2);
    part.good();
    part.begin();
    await renewTo(3);
    part.again();
    expect(held.value).toBe(2);
    await renewTo(3);
    part.back();
    expect(held.value).toBe(1);
    part.begin();
    await renewTo(4);
    part.good();
    part.begin();
    part.good();
    part.back();
    expect(held.value).toBe(4);
  });

  it('is part of a checkpoint, and misses itself there', async () => {
    const { part, held } = copyOf(5);
    const files = await part.read();
    held.value = 6;
    part.write(files);
    expect([...files.keys(), held.value]).toEqual(['round.parameters', 5]);
    expect(() => part.write(new Map())).toThrow(RangeError);
  });
});
