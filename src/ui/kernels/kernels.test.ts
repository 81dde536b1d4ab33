import { describe, expect, it } from 'vitest';
import type { KernelEntry, StepProfile } from '../../lab/kernel-lab/protocol.ts';
import { changedLines, highlightLine } from './highlight.ts';
import { allowed, ridgeOf, roofFrame } from './roofline.ts';
import { sharesOf, timelineOf } from './step-view.ts';

const dispatch = (kernel: string, phase: 'sample' | 'forward' | 'update', ms: number) => ({
  ...{ kernel, phase, ms, variant: 'scalar', label: kernel, flop: 2e6, bytes: 1e6 },
});
const profile: StepProfile = {
  timedBy: 'timestamps',
  timed: 3,
  clockStep: 0,
  policy: 'nano',
  dispatches: [
    dispatch('matmul-nt', 'forward', 1),
    dispatch('adamw', 'update', 1),
    dispatch('matmul-nt', 'sample', 2),
  ],
};
const kernel = { id: 'matmul-nt', kernels: ['matmul-nt'] } as unknown as KernelEntry;

describe('the step', () => {
  it('gives a kernel its share of the time and its speed over all its dispatches', () => {
    expect(sharesOf(profile, [kernel]).get('matmul-nt')).toEqual({
      ...{ share: 0.75, ms: 3, unseen: 0, dispatches: 2, intensity: 2 },
      gflops: 4e6 / 3 / 1e6,
      gbs: 2e6 / 3 / 1e6,
    });
  });

  it('claims no speed where the clock could not tell the time from nothing', () => {
    const share = sharesOf({ ...profile, clockStep: 3 }, [kernel]).get('matmul-nt');
    expect(share).toMatchObject({ ms: 3, gflops: 0, gbs: 0 });
    expect(share?.unseen).toBeCloseTo(3 * Math.SQRT2, 12);
  });

  it('gathers phases in the order of a step, end to end', () => {
    const { phases, marked, ms } = timelineOf(profile, ['adamw']);
    expect(ms).toBe(4);
    expect(phases.map(({ phase, from, to }) => [phase, from, to])).toEqual([
      ['sample', 0, 0.5],
      ['forward', 0.5, 0.75],
      ['update', 0.75, 1],
    ]);
    expect(marked).toEqual([{ from: 0.75, to: 1 }]);
  });
});

describe('the roofline', () => {
  const ceilings = { gflops: 1000, gbs: 50, matmul: '', copy: '' };

  it('keeps every point and the roof inside the plot', () => {
    const points = [
      { id: 'a', gflops: 0.5, intensity: 0.01 },
      { id: 'b', gflops: 1500, intensity: 900 },
    ];
    const roof = roofFrame(ceilings, points, { width: 300, height: 200 });
    for (const { gflops, intensity } of points) {
      for (const place of [roof.x.share(intensity), roof.y.share(gflops)]) {
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(1);
      }
    }
    expect(allowed(ceilings, ridgeOf(ceilings))).toBeCloseTo(1000);
    expect(allowed(ceilings, 1)).toBe(50);
  });
});

describe('the source', () => {
  it('loses no character when it is coloured', () => {
    const line = '@group(0) var<storage, read> a: array<vec4f>; // ${R} x 2.5f / 3';
    const pieces = highlightLine(line);
    expect(pieces.map(({ text }) => text).join('')).toBe(line);
    expect(pieces.find(({ tone }) => tone === 'note')?.text).toBe('// ${R} x 2.5f / 3');
    expect(pieces.filter(({ tone }) => tone === 'type').map(({ text }) => text)).toEqual([
      '@group',
      'array',
      'vec4f',
    ]);
  });

  it('marks the lines that the original does not have', () => {
    expect([...changedLines('a\nb\nc', 'a\nx\nc')]).toEqual([1]);
  });
});
