/** How sequences stand in a packed batch. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_ROW } from '../kernels/rows/gather-rows.ts';
import { microBatches, packBatch, rowsOf, type SequenceTokens } from './batch.ts';

/** The token and position of every row that a row sees, in order. */
function seen(batch: ReturnType<typeof packBatch>, row: number): [number, number][] {
  const [start, , first, end] = batch.spans.subarray(4 * row, 4 * row + 4);
  const rows: number[] = [];
  for (let r = first; r < end; r++) rows.push(r);
  for (let r = start; r <= row; r++) rows.push(r);
  return rows.map((r) => [batch.ids[r], batch.positions[r]]);
}

const tokens = (minLength: number) =>
  fc.array(fc.integer({ min: 3, max: 9 }), { minLength, maxLength: 5 });

/** Prompts of which neighbours often are equal, in one group or not. */
const lists = fc
  .array(
    fc.record({
      prompt: tokens(1),
      answers: fc.array(
        fc.record({
          completion: tokens(0),
          group: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
        }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 5 },
  )
  .map((questions) =>
    questions.flatMap(({ prompt, answers }): SequenceTokens[] =>
      answers.map((answer) => ({ prompt: [...prompt], ...answer })),
    ),
  );

it('shows each completion token’s row the whole sequence before it, and nothing else', () => {
  fc.assert(
    fc.property(lists, (sequences) => {
      const batch = packBatch(sequences, 8);
      sequences.forEach(({ prompt, completion }, s) => {
        const whole = [...prompt, ...completion];
        const { start, length } = batch.completions[s];
        expect(length).toBe(completion.length);
        for (let t = 0; t < length; t++) {
          const source = batch.sources[start + t];
          const before = whole.slice(0, prompt.length + t);
          expect(seen(batch, source)).toEqual(before.map((id, i) => [id, i]));
          expect(batch.targets[start + t]).toBe(completion[t]);
          expect(batch.inverse[source]).toBe(start + t);
          expect(batch.ids[source + 1]).toBe(completion[t]);
        }
      });
      expect(batch.inverse.filter((target) => target !== NO_ROW).length).toBe(batch.targetCount);
    }),
  );
});

it('says of every row where those that see it end, as the kernel for keys reads it', () => {
  fc.assert(
    fc.property(lists, (sequences) => {
      const { spans, rows } = packBatch(sequences, 8);
      const sees = (row: number, key: number) => {
        const [start, , first, end] = spans.subarray(4 * row, 4 * row + 4);
        return key <= row && (key >= start || (key >= first && key < end));
      };
      const ends = Array.from({ length: rows }, (_, key) => {
        const those = Array.from({ length: rows }, (_, row) => row).filter((row) => sees(row, key));
        // From its own row on, without a gap.
        return those[0] === key && those.at(-1) === key + those.length - 1 && key + those.length;
      });
      expect(ends).toEqual(ends.map((_, key) => spans[4 * key + 1]));
    }),
  );
});

it('keeps a shared prompt once, up to its last token', () => {
  const of = (group: number, ...completion: number[]) => ({ group, prompt: [1, 2, 3], completion });
  const batch = packBatch([of(0, 7, 8), of(0, 9), of(1, 7)], 4);
  expect([...batch.ids.subarray(0, batch.count)]).toEqual([1, 2, 3, 7, 8, 3, 9, 1, 2, 3, 7]);
  expect([...batch.positions.subarray(0, batch.count)]).toEqual([0, 1, 2, 3, 4, 2, 3, 0, 1, 2, 3]);
});

it('counts a shared prompt once where it cuts micro-batches, and again in the next one', () => {
  fc.assert(
    fc.property(lists, (sequences) => {
      const parts = microBatches(sequences, 12, rowsOf);
      expect(parts.flat()).toEqual(sequences);
      for (const [i, part] of parts.entries()) {
        const { count } = packBatch(part, 4);
        expect(count).toBeLessThanOrEqual(12);
        const next = parts[i + 1]?.[0];
        if (next) expect(packBatch([...part, next], 4).count).toBeGreaterThan(12);
      }
    }),
  );
});

it('may leave out the rows of last tokens, and then every completion token is predicted from the same tokens', () => {
  fc.assert(
    fc.property(lists, (sequences) => {
      const [whole, short] = [packBatch(sequences, 8), packBatch(sequences, 8, false)];
      const answers = sequences.filter(({ completion }) => completion.length > 0).length;
      expect(short.count).toBe(whole.count - answers);
      expect(short.targets.subarray(0, short.targetCount)).toEqual(
        whole.targets.subarray(0, whole.targetCount),
      );
      for (let t = 0; t < whole.targetCount; t++)
        expect(seen(short, short.sources[t])).toEqual(seen(whole, whole.sources[t]));
      for (let row = 0; row < short.count; row++)
        expect(short.spans[4 * row + 1]).toBeLessThanOrEqual(short.count);
    }),
  );
});
