/** Sampling and the start of a decode step against their references. */
import { NO_SLOT, PLACE_WORDS } from '../attention/decode-attention.ts';
import type { OutputCheck } from '../checking/check.ts';
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { normals } from '../checking/data.ts';
import { both, input, output, runKernel } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { logProbs, scaled, scores } from './sample.reference.ts';
import {
  recordDecodeBegin,
  recordSample,
  type SamplingSettings,
  sampleSettings,
  usesFilters,
} from './sample.ts';

const KEY = [0x12345678, 0x9abcdef0] as const;
const BUDGET = 5;
const PLAIN: SamplingSettings = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };

interface Sizes {
  readonly rows: number;
  readonly vocabulary: number;
  readonly settings: SamplingSettings;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, vocabulary: 1, settings: PLAIN },
  { rows: 3, vocabulary: 3, settings: { ...PLAIN, temperature: 0.5 } },
  { rows: 65, vocabulary: 63, settings: PLAIN },
  { rows: 127, vocabulary: 64, settings: { ...PLAIN, temperature: 1.5 } },
  { rows: 17, vocabulary: 1000, settings: PLAIN },
  { rows: 17, vocabulary: 65, settings: { ...PLAIN, greedy: true } },
  { rows: 63, vocabulary: 65, settings: { ...PLAIN, topK: 5 } },
  { rows: 63, vocabulary: 65, settings: { ...PLAIN, topP: 0.6, temperature: 0.7 } },
  { rows: 63, vocabulary: 65, settings: { ...PLAIN, minP: 0.1 } },
  { rows: 65, vocabulary: 1000, settings: { ...PLAIN, topK: 50, topP: 0.9, minP: 0.05 } },
  { rows: 3, vocabulary: 5003, settings: { ...PLAIN, topK: 50, topP: 0.9, minP: 0.05 } },
];

/** Row i belongs to sequence rows - 1 - i; every fifth sequence is finished; the last sequence has no row. */
function batchOf(rows: number) {
  const active = Uint32Array.from({ length: rows }, (_, i) => rows - 1 - i);
  const state = new Uint32Array(4 * (rows + 1));
  for (let s = 0; s <= rows; s++) {
    state.set([900 + s, 7 + s, s % 5 === 4 ? 0 : 1 + (s % BUDGET), 3 * s + 1], 4 * s);
  }
  return { active, state };
}

function sampleCase({ rows, vocabulary, settings }: Sizes): CheckCase {
  const stride = Math.ceil(vocabulary / 4) * 4;
  const { temperature, topK, topP, minP, greedy } = settings;
  const how = greedy ? 'greedy' : `temperature ${temperature}, top ${topK}, ${topP}, min ${minP}`;
  return {
    label: `${rows} rows, vocabulary ${vocabulary}, ${how}`,
    async run(gpu) {
      const { active, state } = batchOf(rows);
      const logits = normals(rows, rows * stride, 2);
      for (let i = 0; i < logits.length; i++) if (i % stride >= vocabulary) logits[i] = Number.NaN;
      const slots = (rows + 1) * BUDGET;
      const marks = new Uint32Array(slots).fill(77);
      const eos = Math.floor(vocabulary / 2);
      const { floats, words, problems } = await runKernel(
        gpu,
        {
          active: input(active),
          logits: input(logits),
          settings: input(sampleSettings(settings, KEY)),
          state: both(state),
          tokens: both(marks),
          logprobs: both(new Float32Array(slots).fill(77)),
        },
        (recorder, slices) => {
          const filters = usesFilters(settings);
          const shape = { rows, vocabulary, stride, budget: BUDGET, eos, temperature, filters };
          recordSample(recorder, { ...shape, ...slices });
        },
      );
      const expectedState = state.slice();
      const expectedTokens = marks.slice();
      const expectedLogprobs = new Float64Array(slots).fill(77);
      const size = new Float64Array(slots).fill(1);
      // How far the chosen token's score is below the best: 0, or the rounding of the noise where two nearly tie.
      const regrets = new Float64Array(rows);
      for (let row = 0; row < rows; row++) {
        const sequence = active[row];
        const [, position, remaining, uid] = state.subarray(4 * sequence, 4 * sequence + 4);
        if (remaining === 0) continue;
        const u = scaled(logits.subarray(row * stride, row * stride + vocabulary), temperature);
        const all = scores(u, settings, KEY, position, uid);
        const slot = sequence * BUDGET + BUDGET - remaining;
        const token = words.tokens[slot];
        regrets[row] = Math.max(...all) - (all[token] ?? Number.NaN);
        expectedTokens[slot] = token;
        expectedLogprobs[slot] = logProbs(u)[token] ?? Number.NaN;
        size[slot] = 1 + u.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        const left = token === eos ? 0 : remaining - 1;
        expectedState.set([token, position + 1, left, uid], 4 * sequence);
      }
      return [
        compare('choice', 'sample', regrets, new Float64Array(rows), 1),
        equal('other slots', words.tokens, expectedTokens),
        compare('logprobs', 'sample-logprob', floats.logprobs, expectedLogprobs, size),
        equal('state', words.state, expectedState),
        ...failures(problems),
      ];
    },
  };
}

export const sampleCheck: KernelCheck = {
  name: 'sample',
  kernels: ['sample'],
  variants: VARIANTS.sample,
  cases: SIZES.map(sampleCase),
};

function decodeBeginCase(rows: number): CheckCase {
  const capacity = 40;
  return {
    label: `${rows} rows, some finished, some at the last position`,
    async run(gpu): Promise<OutputCheck[]> {
      const { active, state } = batchOf(rows);
      // Sequence s has a prompt of 1 + s % 7 tokens, which it shares with its neighbour, and slots of its own far behind.
      const runs = new Uint32Array(4 * (rows + 1));
      for (let s = 0; s <= rows; s++)
        runs.set([10 * (s >> 1), 1 + (s % 7), 5000 + 90 * s, 0], 4 * s);
      const { words, problems } = await runKernel(
        gpu,
        {
          active: input(active),
          state: input(state),
          runs: input(runs),
          ids: output(rows),
          positions: output(rows),
          places: output(PLACE_WORDS * rows),
        },
        (recorder, slices) => recordDecodeBegin(recorder, { rows, capacity, ...slices }),
      );
      const ids: number[] = [];
      const positions: number[] = [];
      const places: number[] = [];
      for (let row = 0; row < rows; row++) {
        const sequence = active[row];
        const [token, next, remaining] = state.subarray(4 * sequence, 4 * sequence + 3);
        const [shared, count, own] = runs.subarray(4 * sequence, 4 * sequence + 3);
        ids.push(token);
        positions.push(Math.min(next - 1, capacity - 1));
        places.push(remaining === 0 ? NO_SLOT : own + next - 1 - count, shared, count, own);
      }
      return [
        equal('ids', words.ids, ids),
        equal('positions', words.positions, positions),
        equal('places', words.places, places),
        ...failures(problems),
      ];
    },
  };
}

export const decodeBeginCheck: KernelCheck = {
  name: 'decode-begin',
  kernels: [],
  variants: ['default'],
  cases: [1, 3, 65].map(decodeBeginCase),
};
