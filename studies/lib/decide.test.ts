import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';

const begun = { experiment: '{"seed":1}', build: '1+a', policy_hash: 'p' };
const asked = { ...begun, steps: 100 };

describe('a run that may have been begun before', () => {
  test('is started where nothing is there, or nothing to go on from', () => {
    expect(decide(asked, { checkpoint: false })).toEqual({ do: 'start' });
    expect(decide(asked, { begun, checkpoint: false })).toEqual({ do: 'start' });
  });

  test('is gone on with where it was ended, or has fewer steps than asked for', () => {
    expect(decide(asked, { begun, checkpoint: true })).toEqual({ do: 'resume' });
    expect(decide(asked, { begun, checkpoint: true, finished: 50 })).toEqual({ do: 'resume' });
  });

  test('is skipped where it is finished', () => {
    expect(decide(asked, { begun, checkpoint: true, finished: 100 })).toEqual({ do: 'skip' });
  });

  test('is not done again where its raw data are there, from whichever build', () => {
    const kept = { steps: 100, policy_hash: 'p' };
    expect(decide(asked, { checkpoint: false, kept })).toEqual({ do: 'kept' });
    expect(decide({ ...asked, steps: 200 }, { checkpoint: false, kept })).toEqual({ do: 'start' });
    expect(decide({ ...asked, policy_hash: 'q' }, { checkpoint: false, kept }).do).toBe('start');
  });

  test('is never mixed with another experiment, build, policy or length', () => {
    const others = [
      { begun: { ...begun, experiment: '{"seed":2}' } },
      { begun: { ...begun, build: '1+b' } },
      { begun: { ...begun, policy_hash: 'q' } },
      { begun, finished: 200 },
    ];
    for (const other of others) {
      expect(decide(asked, { checkpoint: true, finished: 100, ...other }).do).toBe('redo');
    }
  });
});
