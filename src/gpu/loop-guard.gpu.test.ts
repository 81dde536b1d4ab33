/** What would hang the device ends, and where control flow was uniform it stays so. A test that hangs is ended by Vitest's own limit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { output, runKernel } from '../kernels/checking/run.ts';
import { fuzz } from '../testing/fuzz.ts';
import { asChanged, TURN_BUDGET } from './loop-guard.ts';
import { testGpu } from './testing/test-gpu.ts';

const gpu = await testGpu();
const LANES = 8;

/** Runs functions with `main` on one workgroup. @returns what each invocation counted in `turns` */
async function turnsOf(functions: string): Promise<readonly number[]> {
  const source = `
    @group(0) @binding(0) var<uniform> shape: vec4u;
    @group(0) @binding(1) var<storage, read_write> out: array<u32>;
    var<private> turns: u32;
    fn seed() -> u32 { return shape.y; }
    ${functions}`;
  const kernel = {
    name: 'hostile',
    variant: 'test',
    source: asChanged(source),
    bindings: ['write'],
  } as const;
  const { words } = await runKernel(gpu, { out: output(LANES) }, (recorder, { out }) =>
    recorder.add({ kernel, words: { u32: [1, 1, 0, 0] }, bind: [out], grid: [1] }),
  );
  return [...words.out];
}

const main = (body: string) =>
  `@compute @workgroup_size(${LANES}) fn main(@builtin(local_invocation_index) lane: u32) {\n${body}\nout[lane] = turns;\n}`;

describe('a dispatch of a changed kernel ends', () => {
  it('where a loop stands behind a comment that only WGSL sees the end of', async () => {
    for (const end of ['\v', '\f', '\r', '\u0085', '\u2028', '\u2029']) {
      const hidden = `var q = seed(); //x${end} loop { turns++; q = (q*1664525u+1013904223u)|1u; if (q==0u) {break;} }`;
      expect(Math.max(...(await turnsOf(main(hidden)))), JSON.stringify(end)).toBeLessThanOrEqual(
        TURN_BUDGET,
      );
    }
  });

  it('where functions with loops call each other in loops behind a barrier, with one budget for all', async () => {
    const loop = (body: string) => `loop { turns++; ${body} if (shape.x == 0u) { break; } }`;
    const turns = await turnsOf(`
      fn c() { ${loop('')} }
      fn b() { ${loop('c();')} }
      ${main(`workgroupBarrier(); ${loop('b();')} workgroupBarrier();`)}`);
    expect(Math.max(...turns)).toBeLessThanOrEqual(TURN_BUDGET);
    expect(Math.min(...turns)).toBeGreaterThan(0);
  });

  it('where all invocations loop around a barrier for ever, and all leave in the same turn', async () => {
    const around = 'loop { turns++; workgroupBarrier(); if (shape.x == 0u) { break; } }';
    const turns = await turnsOf(
      main(`for (var i = 0u; i < lane; i++) { turns += 0u; } ${around} ${around}`),
    );
    expect(new Set(turns).size).toBe(1);
    expect(turns[0]).toBeLessThanOrEqual(TURN_BUDGET);
  });
});

/** Made-up functions f0, f1, ... of which each may call those before it; every loop may be endless. */
interface Program {
  readonly text: string;
}

type Random = () => number;

/** Statements. Where control flow is uniform there may be barriers; a function that is called elsewhere has none. */
function statements(
  random: Random,
  depth: number,
  uniform: boolean,
  barriers: readonly boolean[],
): string {
  const count = 1 + Math.floor(random() * 3);
  const one = (): string => {
    const roll = random();
    const inner = (same: boolean) => statements(random, depth - 1, uniform && same, barriers);
    if (roll < 0.2) return uniform ? 'workgroupBarrier();' : 'turns += 0u;';
    if (roll < 0.35) {
      const fit = [...barriers.keys()].filter((i) => uniform || !barriers[i]);
      return fit.length > 0 ? `f${fit[Math.floor(random() * fit.length)]}(lane);` : '';
    }
    if (depth === 0) return 'turns += 0u; // } loop {\r';
    if (roll < 0.5) return `while (shape.x != 0u) { turns++; ${inner(true)} }`;
    if (roll < 0.65) return `loop { turns++; ${inner(true)} if (shape.x == 0u) { break; } }`;
    if (roll < 0.8) return `for (var i = 0u; i < lane * 3u; i++) { turns++; ${inner(false)} }`;
    if (roll < 0.9) return `if (lane > 2u) { ${inner(false)} }`;
    return `loop { turns++; ${inner(true)} continuing { break if shape.y == 1u; } }`;
  };
  return Array.from({ length: count }, one).join('\n');
}

/** A generator of numbers in [0, 1) from a number. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function program(seed: number): Program {
  const random = generator(seed);
  const barriers: boolean[] = [];
  const parts: string[] = [];
  for (let i = 0; i < 3; i++) {
    const uniform = random() < 0.5;
    parts.push(`fn f${i}(lane: u32) {\n${statements(random, 2, uniform, barriers)}\n}`);
    barriers.push(uniform);
  }
  return { text: `${parts.join('\n')}\n${main(statements(random, 3, true, barriers))}` };
}

it('made-up programs of endless loops, barriers and calls compile with their bounds, and end within one budget', async () => {
  await fuzz(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }).map(program), async ({ text }) => {
      const turns = await turnsOf(text);
      expect(Math.max(...turns)).toBeLessThanOrEqual(TURN_BUDGET);
    }),
    { numRuns: 12 },
  );
});
