/** Lines that nobody should give to a command: it answers with numbers, or with a typed error that names what is at fault. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METHODS } from '../rl/experiment/catalog.ts';
import { fuzz } from '../testing/fuzz.ts';
import { mutationsOf } from '../testing/mutations.ts';
import { labHere, scratchFolder } from './testing/lab.ts';

const folder = scratchFolder();
const bytes = (lines: readonly object[]) =>
  new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

/** A command on a file of bytes. Any outcome but an answer or a typed error fails the test. */
async function expectAnswer(command: readonly string[], input: Uint8Array): Promise<void> {
  writeFileSync(join(folder, 'input.jsonl'), input);
  const { status, result, log } = await labHere([...command, '--input', 'input.jsonl'], folder);
  if (status === 0) {
    // What is not finite would stand in the answer as null.
    if ('loss' in result) expect(result.loss).toEqual(expect.any(Number));
    return;
  }
  const text = new TextDecoder().decode(input);
  expect(result.error?.kind, `${text}\n${log}`).toMatch(/^(BadFile|BadConfig|NonFinite)$/);
  expect(result.error.field, text).toBeTruthy();
}

const number = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, -0.5, 1e308, -1e308, 5e-324, 2 ** 53, null, 'x', true),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const list = fc.oneof(fc.array(number, { maxLength: 3 }), number);

/** An object with some of these keys. */
function lineOf(keys: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return fc.array(fc.record(keys, { requiredKeys: [] }), { maxLength: 4 }).map(bytes);
}

describe('lab loss', () => {
  const column = ['logp', 'old', 'ref', 'entropy', 'values', 'old_values', 'advantages', 'returns'];
  const lists = Object.fromEntries([...column, 'weight', '__proto__'].map((key) => [key, list]));
  const odd = lineOf({
    ...lists,
    ...{ group: number, pair: number, reward: number, advantage: number },
    truncated: fc.oneof(fc.boolean(), number),
  });
  const valid = bytes([
    { group: 0, pair: 1, logp: [-1, -2], old: [-1, -2], ref: [-1, -1], entropy: [1, 1], reward: 1 },
    { group: 0, pair: 1, logp: [-1], old: [-2], ref: [-1], entropy: [1], reward: 0 },
  ]);

  it.each(Object.keys(METHODS))('by %s answers any lines', async (name) => {
    writeFileSync(join(folder, 'e.json'), JSON.stringify({ method: { name } }));
    const command = ['loss', '--experiment', 'e.json'];
    await fuzz(
      fc.asyncProperty(fc.oneof(odd, mutationsOf(valid)), (input) => expectAnswer(command, input)),
      { numRuns: 30 },
    );
  });

  it('says which line makes the loss infinite', async () => {
    writeFileSync(join(folder, 'e.json'), JSON.stringify({ method: { beta: 1 } }));
    const line = { logp: [-1], ref: [-1], advantage: 1 };
    writeFileSync(join(folder, 'far.jsonl'), bytes([line, { ...line, ref: [1e4] }]));
    const { status, result } = await labHere(
      ['loss', '--experiment', 'e.json', '--input', 'far.jsonl'],
      folder,
    );
    expect([status, result.error.kind, result.error.field]).toEqual([1, 'NonFinite', 'line 2']);
  });
});

describe('lab reward', () => {
  const text = fc.oneof(
    fc.constantFrom('3 5 7=26:', '3*7=21,21+5=26', '3+8+5:', '(((((((', '1/0', '9'.repeat(400), ''),
    fc.string({ unit: fc.constantFrom(...'0123456789+-*/()=,: ;>|#$\u202e'), maxLength: 30 }),
    number,
  );
  const odd = lineOf({ question: text, prompt: text, completion: text, truncated: text });

  it.each(['countdown', 'chain', 'word'])('on %s answers any lines', async (id) => {
    writeFileSync(join(folder, 'r.json'), JSON.stringify({ task: { id } }));
    const valid = bytes([
      { question: '3 5 7=26:', completion: '3*7=21,21+5=26' },
      { question: '3+8+5:', completion: '3+8=11;11+5=16>16', truncated: true },
    ]);
    const command = ['reward', '--experiment', 'r.json'];
    await fuzz(
      fc.asyncProperty(fc.oneof(odd, mutationsOf(valid)), (input) => expectAnswer(command, input)),
      { numRuns: 30 },
    );
  });
});

describe('lab judge', () => {
  const verdicts = fc.oneof(
    fc.array(fc.oneof(fc.constantFrom('1', '2', 'tie', '>x', '3+4>t', null), number)),
    number,
  );
  const text = fc.oneof(fc.constantFrom('3+8+5:', '16', '3*7-(2', '-0'), fc.string(), number);
  const odd = lineOf({
    ...{ question: text, answer_1: text, answer_2: text, verdicts },
    expert: fc.oneof(fc.constantFrom(1, 2), number),
  });
  const valid = bytes([
    { question: '3+8+5:', answer_1: '16', answer_2: '14', expert: 1, verdicts: ['1', 'tie', '2'] },
  ]);

  it('answers any lines', async () => {
    await fuzz(
      fc.asyncProperty(fc.oneof(odd, mutationsOf(valid)), (input) =>
        expectAnswer(['judge'], input),
      ),
      { numRuns: 40 },
    );
  });
});

describe.each(['rerank', 'find-error'])('lab %s', (command) => {
  const text = fc.oneof(
    fc.constantFrom('3+8+5:', '3+8=11,11+5=16', '3+8=12', ',,,,', '=', '9'.repeat(400), ''),
    fc.string({ unit: fc.constantFrom(...'0123456789+-*/()=,: ;>|#$\u202e'), maxLength: 30 }),
    number,
  );
  const odd = lineOf({
    ...{ question: text, prompt: text, completion: text, truncated: text },
    ...{ logits: list, logprobs: list, entropies: list },
  });
  const answer = (completion: string, logit: number) => {
    const numbers = new Array(completion.length + 1).fill(logit);
    return { question: '3+8+5:', completion, logits: numbers, logprobs: numbers };
  };
  const valid = bytes([answer('3+8=11,11+5=16', 1), answer('3+8=12,12+5=17', -1)]);

  it('answers any lines', async () => {
    await fuzz(
      fc.asyncProperty(fc.oneof(odd, mutationsOf(valid)), (input) =>
        expectAnswer([command, '--task', 'chain'], input),
      ),
      { numRuns: 30 },
    );
  });
});
