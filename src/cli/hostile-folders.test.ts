/** Folders that were right once, with one file changed: a model or a run is read as it was, or refused by a typed error. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { loadModelFolder } from '../model/load.ts';
import { defaultExperiment } from '../rl/experiment/schema.ts';
import { fuzz } from '../testing/fuzz.ts';
import { mutationsOf } from '../testing/mutations.ts';
import { RunFolder } from './run-folder.ts';
import { scratchFolder, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();

/** What a reader gives; a BatonError of these kinds is an answer too, and any other error fails the test. */
async function answered<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    expect(error).toBeInstanceOf(BatonError);
    expect((error as BatonError).kind).toMatch(/^(BadFile|BadConfig|Busy)$/);
    expect((error as BatonError).field).toBeTruthy();
    return undefined;
  }
}

describe('a model folder', () => {
  const path = join(folder, 'model');
  writeTinyModel(path);
  const read = (name: string) => new Uint8Array(readFileSync(join(path, name)));
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];

  it.each(files)('with its %s changed is read or refused', async (changed) => {
    const valid = read(changed);
    // Of the weights only the header can be wrong: any four bytes are a number.
    const reach = changed === 'model.safetensors' ? 3000 / valid.length : 1;
    await fuzz(
      fc.asyncProperty(mutationsOf(valid, reach), async (bytes) => {
        const model = await answered(() =>
          loadModelFolder(async (name) => {
            if (name === changed) return bytes;
            return files.includes(name) ? read(name) : null;
          }),
        );
        if (!model) return;
        expect(model.parameters.length).toBeGreaterThanOrEqual(model.layout.parameters);
        const ids = model.tokenizer ? await answered(() => model.tokenizer?.encode('3+4=7')) : [];
        for (const id of ids ?? []) expect(id).toBeLessThan(model.config.vocab_size);
        if (ids) await answered(() => model.tokenizer?.decode(ids));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a run folder', () => {
  const path = join(folder, 'run');
  const run = new RunFolder(path);
  const experiment = defaultExperiment();
  const expected = {
    experiment,
    policyHash: 'f00d'.repeat(16),
    buffers: new Map([['parameters', 8]]),
  };
  const metrics = ['{"step":1,"reward":0.5}\n', '{"step":2,"reward":null}\n'].join('');
  const manifest = JSON.stringify({ variants: { default: 'scalar', matmul: 'octets' } });
  const lock = JSON.stringify({ pid: 2 ** 22 + 1, host: 'elsewhere', since: '2026-01-01' });
  const names = [
    ...['manifest.json', 'metrics.jsonl', 'checkpoint/state.json', 'train.lock'],
    'checkpoint/parameters-000002.safetensors',
  ];
  const own: Readonly<Record<string, string>> = {
    ...{ 'manifest.json': manifest, 'metrics.jsonl': metrics, 'train.lock': lock },
  };

  beforeAll(async () => {
    run.begin();
    await run.save({
      ...{ step: 2, experiment, build: 'b', adapter: 'a', policyHash: expected.policyHash },
      files: new Map([['parameters', new Float32Array(8)]]),
      notes: { num_tokens: 7 },
    });
    for (const name of ['manifest.json', 'metrics.jsonl'])
      writeFileSync(join(path, name), own[name]);
  });

  it.each(names)('with its %s changed is read or refused', async (name) => {
    const place = join(path, name);
    const bytes = name in own ? new TextEncoder().encode(own[name]) : readFileSync(place);
    await fuzz(
      fc.asyncProperty(mutationsOf(bytes), async (changed) => {
        writeFileSync(place, changed);
        const loaded = await answered(() => run.load(expected));
        if (loaded) expect(loaded.files.get('parameters')).toEqual(new Float32Array(8));
        for (const row of (await answered(() => run.metrics())) ?? [])
          expect(row).toEqual(expect.any(Object));
        for (const variant of Object.values(run.variants() ?? {}))
          expect(variant).toEqual(expect.any(String));
        await run.savedStep();
        if (name === 'train.lock') (await answered(() => run.lock(false)))?.[Symbol.dispose]();
      }),
      { numRuns: 25 },
    );
    if (name === 'train.lock') rmSync(place, { force: true });
    else writeFileSync(place, bytes);
  });

  it('whose manifest names variants by what is no text is taken for one that names none', () => {
    for (const odd of ['{"matmul":{"toString":1}}', '[1]', '{"default":null}', '7']) {
      writeFileSync(join(path, 'manifest.json'), `{"variants":${odd}}`);
      expect(run.variants(), odd).toBeUndefined();
    }
  });

  it('whose metrics hold JSON that is no row is refused by that file', () => {
    for (const odd of ['null', '7', '[]', '"a"']) {
      writeFileSync(join(path, 'metrics.jsonl'), `${metrics}${odd}\n`);
      expect(() => run.metrics(), odd).toThrow('is no row');
    }
  });
});
