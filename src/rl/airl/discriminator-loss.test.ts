import { describe, expect, it } from 'vitest';
import { balancedWeights, crossEntropy, pairLoss } from './discriminator-loss.ts';

const LOGITS = [-40, -3, -0.5, 0, 1e-9, 0.7, 5, 60];
const H = 1e-6;

describe('cross-entropy', () => {
  it.each([true, false])('has the slope of its loss (expert: %s)', (expert) => {
    for (const logit of LOGITS) {
      const at = (x: number) => crossEntropy(x, expert, 0.1).loss;
      const slope = (at(logit + H) - at(logit - H)) / (2 * H);
      expect(crossEntropy(logit, expert, 0.1).slope).toBeCloseTo(slope, 7);
    }
  });

  it('is the negative log-probability of the label, and with smoothing a mixture of both', () => {
    const p = 1 / (1 + Math.exp(-0.7));
    expect(crossEntropy(0.7, true, 0).loss).toBeCloseTo(-Math.log(p), 12);
    expect(crossEntropy(0.7, false, 0).loss).toBeCloseTo(-Math.log(1 - p), 12);
    const mixed = -0.9 * Math.log(p) - 0.1 * Math.log(1 - p);
    expect(crossEntropy(0.7, true, 0.1).loss).toBeCloseTo(mixed, 12);
  });

  it('with smoothing is least where the logit says 0.9, and pulls one that says more back', () => {
    const best = Math.log(9);
    expect(crossEntropy(best, true, 0.1).slope).toBeCloseTo(0, 12);
    expect(crossEntropy(best + 1, true, 0.1).slope).toBeGreaterThan(0);
    expect(crossEntropy(-best, false, 0.1).slope).toBeCloseTo(0, 12);
  });

  it('is finite however large the logit', () => {
    for (const logit of [-1e6, 1e6])
      for (const expert of [true, false]) {
        const { loss, slope } = crossEntropy(logit, expert, 0.1);
        expect([Number.isFinite(loss), Number.isFinite(slope)]).toEqual([true, true]);
      }
  });
});

describe('the loss of a pair', () => {
  it('has the slope of its loss, is ln 2 without a lead and 0 far ahead', () => {
    for (const lead of LOGITS) {
      const slope = (pairLoss(lead + H).loss - pairLoss(lead - H).loss) / (2 * H);
      expect(pairLoss(lead).slope).toBeCloseTo(slope, 7);
    }
    expect(pairLoss(0).loss).toBeCloseTo(Math.LN2, 12);
    expect(pairLoss(1e6).loss).toBe(0);
    expect(pairLoss(-1e6)).toEqual({ loss: 1e6, slope: -1 });
  });
});

describe('the weights of read tokens', () => {
  const trace = (expert: boolean, reads: number, copies = 1) => ({ expert, reads, copies });

  it('give both classes one half, and the traces of a class the same, however long', () => {
    const traces = [trace(true, 5), trace(false, 1), trace(false, 10), trace(false, 2)];
    const sums = [...balancedWeights(traces)].map((weight, i) => weight * traces[i].reads);
    expect(sums).toEqual([1 / 2, 1 / 6, 1 / 6, 1 / 6].map((x) => expect.closeTo(x, 12)));
  });

  it('count a trace that stands for several as often', () => {
    const merged = balancedWeights([trace(true, 2, 3), trace(true, 4), trace(false, 1)]);
    const apart = balancedWeights([
      ...[trace(true, 2), trace(true, 2), trace(true, 2), trace(true, 4), trace(false, 1)],
    ]);
    expect(merged[0]).toBeCloseTo(3 * apart[0], 12);
    expect(merged[1]).toBeCloseTo(apart[3], 12);
  });

  it('are 0 of what is read nowhere, and never NaN where a class or everything is missing', () => {
    expect([...balancedWeights([trace(true, 0), trace(false, 2)])]).toEqual([0, 0.25]);
    expect([...balancedWeights([trace(true, 0), trace(false, 0)])]).toEqual([0, 0]);
    expect([...balancedWeights([])]).toEqual([]);
  });
});
