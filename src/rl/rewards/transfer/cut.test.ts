/** Where answers are cut, and what several cuts of one are worth. */
import { describe, expect, it } from 'vitest';
import type { Completion } from '../reward.ts';
import { completion } from '../testing.ts';
import { RIGHT, receiverOf, type Settings, score } from './testing.ts';

describe('several cuts of an answer', () => {
  const LONG = '12+95=107,107+0=7';
  const batch = Array.from({ length: 6 }, (_, i) => completion(LONG, { group: i >> 1 }));
  interface Told {
    readonly cuts: readonly { tau: number; cut: number; prefix: string; leaked: boolean }[];
  }
  const told = (scores: Awaited<ReturnType<typeof score>>) => scores.used as unknown as Told[];

  it('are worth the mean over all tries of all of them, each with a tau of its own', async () => {
    // Right before the middle only, and there in one of two tries.
    const { receiver } = receiverOf((text, attempt) =>
      text.length < '12+95:'.length + LONG.length / 2 && attempt === 0 ? '7' : '8',
    );
    const settings = { tau: 'uniform', cuts: 4, continuations: 2 } as const;
    const scores = await score(batch, [receiver], { ...settings, grading: 'continuation' });
    for (const [i, { cuts }] of told(scores).entries()) {
      expect(new Set(cuts.map(({ tau }) => tau)).size).toBe(4);
      const early = cuts.filter(({ prefix }) => prefix.length < LONG.length / 2).length;
      expect(scores.values[i]).toBeCloseTo(early / 8, 12);
    }
    expect(new Set(scores.values).size).toBeGreaterThan(1);
  });

  it('leave the first one, its tries and its draws as they are', async () => {
    const ask = async (cuts: number) => {
      const { receiver, asked } = receiverOf((text) => (text.length % 3 ? '7' : '8'));
      const scores = await score(batch, [receiver], { tau: 'uniform', cuts });
      return { scores, asked: asked[0] };
    };
    const [one, three] = [await ask(1), await ask(3)];
    expect(told(three.scores).map(({ cuts }) => cuts[0])).toEqual(one.scores.used);
    expect(three.asked.prompts.slice(0, 6)).toEqual(one.asked.prompts);
    expect([three.asked.key, three.asked.uid]).toEqual([one.asked.key, one.asked.uid]);
    expect(three.asked.prompts).toHaveLength(18);
  });

  it('are shared by a group where its tau is', async () => {
    const { receiver } = receiverOf(() => '');
    const scores = await score(batch, [receiver], { tau: 'uniform', cuts: 2, shared_tau: true });
    const taus = told(scores).map(({ cuts }) => cuts.map(({ tau }) => tau));
    expect(taus[0]).toEqual(taus[1]);
    expect(taus[0]).not.toEqual(taus[2]);
    expect(new Set(taus[0]).size).toBe(2);
  });

  it('count each for itself under the guard and without room; an answer without any has no value', async () => {
    const answers = [completion('12+95=7'), completion(LONG)];
    const { receiver } = receiverOf((text) => (text.endsWith(':') ? '7' : ''), { positions: 14 });
    const settings = { tau: 'uniform', cuts: 8 } as const;
    const open = await score(answers, [receiver], settings);
    const guarded = await score(answers, [receiver], { ...settings, leakage_guard: true });
    const rooms = told(open).map(({ cuts }) => cuts.map(({ prefix }) => 14 - 7 - prefix.length));
    const right = (prefix: string) => prefix === '' || prefix === '12+95=7';
    for (const [i, { cuts }] of told(open).entries()) {
      const fitting = cuts.filter((_, k) => rooms[i][k] >= 1);
      const share = fitting.filter(({ prefix }) => right(prefix)).length / fitting.length;
      expect(open.values[i]).toBeCloseTo(share, 12);
      const sound = fitting.filter(({ leaked }) => !leaked);
      const clean = sound.filter(({ prefix }) => right(prefix)).length / sound.length;
      expect(guarded.values[i]).toBeCloseTo(clean, 12);
    }
    expect(rooms.flat().some((room) => room < 1)).toBe(true);
    const none = receiverOf(() => '', { positions: 7 }).receiver;
    expect((await score(answers, [none], { tau_fixed: 0.5, cuts: 2 })).values).toEqual([
      null,
      null,
    ]);
  });

  it('count each in its own tenth of tau, in the leakage and in each receiver’s mean', async () => {
    const { receiver } = receiverOf((text) => (text.endsWith(':12+95=') ? '7' : 'x'));
    const scores = await score([RIGHT, RIGHT], [receiver], { tau: 'uniform', cuts: 8 });
    const all = told(scores).flatMap(({ cuts }) => cuts);
    const { metrics = {} } = scores;
    for (let bucket = 0; bucket < 10; bucket++) {
      const own = all.filter(({ tau }) => Math.ceil(tau * 10) - 1 === bucket);
      const share = own.filter(({ prefix }) => prefix === '12+95=').length / own.length;
      if (own.length === 0) expect(metrics).not.toHaveProperty(`tau_${bucket}`);
      else expect(metrics[`tau_${bucket}`]).toBeCloseTo(share, 12);
    }
    const share = (holds: (prefix: string) => boolean) =>
      all.filter(({ prefix }) => holds(prefix)).length / all.length;
    expect(metrics.leakage).toBeCloseTo(
      share((prefix) => prefix === '12+95=7'),
      12,
    );
    expect(metrics['receiver/policy/mean']).toBeCloseTo(
      share((prefix) => prefix === '12+95='),
      12,
    );
  });

  it('measure luck by themselves, without a second try, and leave out answers that miss a cut', async () => {
    const { receiver, asked } = receiverOf((text) => (text.includes('107') ? '8' : '7'));
    const two = [completion('12+95=7,'), completion('107,7')];
    const settings = {
      ...{ tau_fixed: 0.9, cuts: 2, reliability_questions: 4 },
      grading: 'continuation',
    } as const;
    const { metrics } = await score(two, [receiver], settings);
    // Right or wrong by the answer, whatever the try.
    expect(metrics?.icc).toBe(1);
    expect(asked).toHaveLength(1);
    const short = receiverOf(() => '7', { positions: 12 }).receiver;
    const missing = await score([RIGHT, completion('7'), completion('8')], [short], {
      ...settings,
      tau: 'uniform',
      cuts: 8,
    });
    expect(missing.metrics?.icc).toBeNaN();
  });
});

describe('the cut', () => {
  const prefixes = async (batch: readonly Completion[], settings: Partial<Settings>) => {
    const { receiver } = receiverOf(() => '');
    const { used } = await score(batch, [receiver], settings);
    return used as readonly { tau: number; cut: number; prefix: string }[];
  };
  const many = Array.from({ length: 400 }, (_, i) =>
    completion('12+95=7,7+0=7', { group: Math.floor(i / 8) }),
  );

  it('drawn anywhere is uniform on (0, 1]: every number of tokens but the whole answer is equally likely', async () => {
    const cuts = await prefixes(many, { tau: 'uniform' });
    const length = many[0].completionIds.length;
    expect(
      cuts.every(({ tau, cut }) => tau > 0 && tau <= 1 && cut === Math.floor(tau * length)),
    ).toBe(true);
    const mean = cuts.reduce((sum, { tau }) => sum + tau, 0) / cuts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / cuts.length));
    expect(new Set(cuts.map(({ cut }) => cut)).size).toBe(length);
  });

  it('within an interval stays there', async () => {
    const cuts = await prefixes(many, { tau: 'interval', tau_low: 0.4, tau_high: 0.6 });
    expect(cuts.every(({ tau }) => tau >= 0.4 && tau <= 0.6)).toBe(true);
    expect(new Set(cuts.map(({ tau }) => tau)).size).toBeGreaterThan(300);
  });

  it('between steps falls after none or after a whole step, never after the last', async () => {
    const cuts = await prefixes(many, { tau: 'step' });
    expect(new Set(cuts.map(({ prefix }) => prefix))).toEqual(new Set(['', '12+95=7,']));
  });

  it('is one for a group where it is shared, and each answer’s own where it is not', async () => {
    const kinds = async (shared_tau: boolean) => {
      const cuts = await prefixes(many, { tau: 'uniform', shared_tau });
      return new Set(cuts.slice(0, 8).map(({ tau }) => tau)).size;
    };
    expect(await kinds(true)).toBe(1);
    expect(await kinds(false)).toBe(8);
  });
});
