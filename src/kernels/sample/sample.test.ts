import { describe, expect, it } from 'vitest';
import { keptTokens, logProbs } from './sample.reference.ts';
import { type SamplingSettings, usesFilters } from './sample.ts';

const all: SamplingSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
/** Logarithms of probabilities 0.4, 0.3, 0.1, 0.1, 0.1. */
const u = Float64Array.from([0.1, 0.4, 0.1, 0.3, 0.1], Math.log);
const kept = (settings: Partial<SamplingSettings>) =>
  keptTokens(u, { ...all, ...settings }).map(Number);

describe('the reference of the filters', () => {
  it('keeps everything when they are off', () => {
    expect(kept({})).toEqual([1, 1, 1, 1, 1]);
    expect(usesFilters(all)).toBe(false);
    expect(usesFilters({ ...all, minP: 0.1 })).toBe(true);
  });

  it.each([
    [{ topK: 1 }, [0, 1, 0, 0, 0]],
    [{ topK: 2 }, [0, 1, 0, 1, 0]],
    [{ topK: 3 }, [1, 1, 1, 1, 1]],
    [{ topP: 0.39 }, [0, 1, 0, 0, 0]],
    [{ topP: 0.41 }, [0, 1, 0, 1, 0]],
    [{ topP: 0.75 }, [1, 1, 1, 1, 1]],
    [{ minP: 0.7 }, [0, 1, 0, 1, 0]],
    [{ minP: 0.2 }, [1, 1, 1, 1, 1]],
    [{ topK: 2, topP: 0.55 }, [0, 1, 0, 0, 0]],
    [{ topP: 0 }, [0, 1, 0, 0, 0]],
    [{ minP: 1 }, [0, 1, 0, 0, 0]],
  ])('with %j keeps %j', (settings, expected) => {
    expect(kept(settings)).toEqual(expected);
  });

  it('normalises the whole distribution', () => {
    expect(logProbs(u.map((x) => x + 5))[1]).toBeCloseTo(Math.log(0.4), 12);
  });
});
