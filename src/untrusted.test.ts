/** Files of strangers, at their worst: each reader has to answer with a BadFile or BadConfig whose text shows what it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLines } from './cli/lines.ts';
import { BatonError, badFile, toReport } from './errors.ts';
import { readHead } from './lab/checkpoint.ts';
import { characterTokenizerJson } from './model/character-tokenizer.ts';
import { parseModelConfig } from './model/config.ts';
import { parseSafetensors } from './model/safetensors.ts';
import { loadTokenizer } from './model/tokenizer.ts';
import { parseExperiment } from './rl/experiment/schema.ts';
import { Replay } from './rl/learn/replay.ts';
import { parseRecipe } from './rl/pretrain-recipe.ts';
import { fuzz } from './testing/fuzz.ts';
import { planOf } from './ui/plan.ts';
import { parsePreferences } from './ui/store/preferences.ts';
import { isShallow } from './untrusted.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A safetensors file of a header alone. */
function header(text: string): Uint8Array {
  const bytes = utf8(text);
  const file = new Uint8Array(8 + bytes.length);
  new DataView(file.buffer).setUint32(0, bytes.length, true);
  file.set(bytes, 8);
  return file;
}

/** Every reader of JSON that a stranger wrote, given a text of JSON as one of its parts. */
const READERS: Readonly<Record<string, (json: string) => unknown>> = {
  config: (json) => parseModelConfig(JSON.parse(`{"hidden_act":${json}}`)),
  'config, nested': (json) => parseModelConfig(JSON.parse(`{"rope_parameters":${json}}`)),
  tokenizer: (json) => loadTokenizer({ ...characterTokenizerJson(), normalizer: JSON.parse(json) }),
  vocabulary: (json) => loadTokenizer(JSON.parse(`{"model":{"type":"BPE","vocab":${json}}}`)),
  'tokenizer, settings': (json) =>
    loadTokenizer(characterTokenizerJson(), JSON.parse(`{"bos_token":${json}}`)),
  safetensors: (json) => parseSafetensors(header(`{"a":${json}}`)),
  'safetensors, metadata': (json) => parseSafetensors(header(`{"__metadata__":${json}}`)),
  experiment: (json) => parseExperiment(JSON.parse(json)),
  'experiment, part': (json) => parseExperiment(JSON.parse(`{"task":${json},"rewards":${json}}`)),
  lines: (json) => parseLines(`{"a":${json}}`),
  recipe: (json) => parseRecipe(JSON.parse(`{"task":${json},"practice":${json}}`)),
  'recipe, model': (json) => parseRecipe(JSON.parse(`{"model":${json}}`)),
  'recipe, whole': (json) => parseRecipe(JSON.parse(json)),
  'runs of a script': (json) => planOf([JSON.parse(json)]),
  preferences: parsePreferences,
  'store of a checkpoint': async (json) => {
    const store = new Replay('pairs', 4);
    await store.restore(new Map([['items', utf8(json)]]));
    for (const { step } of store.draw(1, 1, 4)) expect(step).toEqual(expect.any(Number));
  },
  'store of a checkpoint, item': async (json) => {
    const store = new Replay('pairs', 4);
    await store.restore(new Map([['items', utf8(`[{"step":1,"item":1},${json}]`)]]));
    for (const { step } of store.draw(1, 1, 4)) expect(step).toEqual(expect.any(Number));
  },
  checkpoint: (json) => readHead(utf8(`{"version":1,"x":${json}}`)),
  'checkpoint, version': (json) => readHead(utf8(`{"version":${json}}`)),
};

/** What a reader throws; null where it does not. */
async function thrown(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return null;
  } catch (error) {
    return error;
  }
}

async function expectTyped(json: string): Promise<void> {
  for (const [name, read] of Object.entries(READERS)) {
    const error = await thrown(() => read(json));
    if (error === null) continue;
    expect(error, `${name}: ${error}`).toBeInstanceOf(BatonError);
    const { kind, message, field = '', remedy } = error as BatonError;
    expect(['BadFile', 'BadConfig'], name).toContain(kind);
    expect(`${message} ${field} ${remedy}`, name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
}

describe('readers of strangers’ files', () => {
  it('refuse what is nested 5,000 deep, and more, with a sentence', async () => {
    for (const depth of [65, 5_000, 100_000]) {
      await expectTyped('['.repeat(depth) + ']'.repeat(depth));
      await expectTyped(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    }
  });

  it('answer any JSON with a value or a BatonError in visible characters', async () => {
    const odd = fc.constantFrom(
      '\u202e',
      '\u2066',
      '\u200b',
      '\ufeff',
      '\u2028',
      '\u0085',
      '\ud800',
      '\u0000',
      'a',
    );
    const text = fc.array(odd, { maxLength: 6 }).map((parts) => parts.join(''));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.double(),
        fc.integer(),
        fc.constantFrom(null, true),
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('tree'), { maxLength: 4 }),
      record: fc.dictionary(
        fc.oneof(
          text,
          fc.constantFrom('type', 'id', 'dtype', 'shape', 'data_offsets', '__proto__'),
        ),
        tie('tree'),
        { maxKeys: 4 },
      ),
    }));
    await fuzz(
      fc.asyncProperty(tree, (value) => expectTyped(JSON.stringify(value))),
      {
        numRuns: 150,
      },
    );
  });
});

describe('isShallow', () => {
  it('counts the levels of lists and objects', () => {
    expect(isShallow(1, 0)).toBe(true);
    expect(isShallow([[1]], 2)).toBe(true);
    expect(isShallow([[1]], 1)).toBe(false);
    expect(isShallow({ a: { b: [] } }, 2)).toBe(true);
    expect(isShallow(new Array(300_000).fill([1]), 2)).toBe(true);
  });
});

describe('a BatonError', () => {
  it('writes out what would not be seen or would turn the text around it, and nothing else', () => {
    const error = badFile('a\u202eb', 'It says “né 名 😀”, then \u2066x\u2069\u2028y\u0007\ud800');
    expect(error.field).toBe('a\\u202eb');
    expect(error.message).toBe('It says “né 名 😀”, then \\u2066x\\u2069\\u2028y\\u0007\\ud800');
    expect(new BatonError(toReport(error)).message).toBe(error.message);
    expect(toReport(new Error('\u202e')).message).toBe('\\u202e');
  });
});
