import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createTar } from 'nanotar';
import { beforeAll, describe, expect, it } from 'vitest';
import { experimentHash } from '../../rl/experiment/canonical.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { makeBundle, openBundle } from './bundle.ts';
import { pack, unpack } from './packed-files.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const line = (row: object) => `${JSON.stringify(row)}\n`;
const ROWS = [
  { step: 0, 'eval/accuracy': 0.25 },
  { step: 1, reward: 0.5, kl: null },
  { step: 2, reward: 0.625, kl: null },
];

/** What a person ordered of a task without a verifier. */
const EVALUATED = {
  order: {
    ...{ split: 'test', policy: 'now', prompts: 4, samples: 1, receivers: '' },
    ...{ receiver_backend: 'kernels', transfer_answers: 1 },
  },
  step: 2,
  evaluation: {
    ...{ prompts: 4, distinct: 4, clusters: 4, samples: 1, truncated: 0 },
    ...{ mean_length: 9, mean_length_interval: { mean: 9, low: 8, high: 10 } },
    ...{ accuracy: null, accuracy_interval: null, well_formed: null },
    ...{ maj_at_k: null, maj_at_k_interval: null, pass_at_k: null, pass_at_k_interval: null },
    ...{ mean_length_right: null, mean_length_right_interval: null },
  },
};

async function runFiles(changes: Record<string, string | null> = {}) {
  const experiment = defaultExperiment();
  const manifest = {
    ...{ version: 1, experiment, experiment_hash: await experimentHash(experiment) },
    ...{ build: '0.1.0', adapter: 'test', features: [], variants: { default: 'scalar' } },
    ...{ policy_hash: 'a'.repeat(64), plan: { micro_batch_tokens: 1024 } },
  };
  const files: Record<string, string | null> = {
    'manifest.json': JSON.stringify(manifest),
    'metrics.jsonl': ROWS.map(line).join(''),
    'samples.jsonl': line({ step: 1, question: 'q', prompt: 'q:', completions: [] }),
    'model/config.json': '{}',
    ...changes,
  };
  return new Map(
    Object.entries(files).flatMap(([name, text]) => (text === null ? [] : [[name, bytes(text)]])),
  );
}

const refused = (why: RegExp) =>
  expect.objectContaining({ kind: 'BadFile', message: expect.stringMatching(why) });

describe('a bundle', () => {
  let good: Uint8Array;
  beforeAll(async () => {
    good = await makeBundle(await runFiles());
  });

  it('gives back what went in', async () => {
    const { metrics, model, samples, timings, evaluations, manifest, hash } =
      await openBundle(good);
    expect(metrics).toEqual(ROWS);
    expect(samples).toHaveLength(1);
    expect(timings).toEqual([]);
    expect(evaluations).toEqual([]);
    expect(manifest.adapter).toBe('test');
    expect([...(model ?? [])].map(([name]) => name)).toEqual(['config.json']);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('carries evaluations beside what is verified: the hash of its rows is the same', async () => {
    const files = await runFiles({ 'evaluations.jsonl': line(EVALUATED) + line(EVALUATED) });
    const { evaluations, hash } = await openBundle(await makeBundle(files));
    expect(evaluations).toEqual([EVALUATED, EVALUATED]);
    expect(hash).toBe((await openBundle(good)).hash);
  });

  it('is the same bytes for the same files', async () => {
    expect(await makeBundle(await runFiles())).toEqual(good);
  });

  it('is an ordinary archive that names its files', () => {
    expect(new TextDecoder().decode(gunzipSync(good)).slice(0, 11)).toBe('bundle.json');
  });

  it('is refused wherever it is cut', async () => {
    for (const share of [0, 0.1, 0.5, 0.9]) {
      const part = good.slice(0, Math.floor(share * good.length));
      await expect(openBundle(part)).rejects.toEqual(refused(/gzip|cut short/));
    }
    await expect(openBundle(good.slice(0, -1))).rejects.toEqual(refused(/cut short/));
  });

  it('is refused by name where a file was altered, taken out or added', async () => {
    const files = await unpack(good);
    const repacked = async (change: (files: Map<string, Uint8Array>) => void) => {
      const copy = new Map(files);
      change(copy);
      return openBundle(await pack(copy));
    };
    const rows = new TextDecoder().decode(files.get('metrics.jsonl'));
    await expect(
      repacked((f) => f.set('metrics.jsonl', bytes(rows.replace('0.5', '0.6')))),
    ).rejects.toEqual(refused(/altered: metrics\.jsonl/));
    await expect(repacked((f) => f.delete('samples.jsonl'))).rejects.toEqual(
      refused(/lacks samples\.jsonl/),
    );
    await expect(repacked((f) => f.set('model/more.bin', bytes('x')))).rejects.toEqual(
      refused(/holds model\/more\.bin/),
    );
    const head = new TextDecoder().decode(files.get('bundle.json'));
    await expect(
      repacked((f) => f.set('bundle.json', bytes(head.replace('"version": 1', '"version": 2')))),
    ).rejects.toEqual(refused(/is of version 2; this build reads version 1/));
    const other = head.replace(
      /("hash": ")(.)/,
      (_, key, digit) => key + (digit === 'f' ? '0' : 'f'),
    );
    await expect(repacked((f) => f.set('bundle.json', bytes(other)))).rejects.toEqual(
      refused(/rows have another hash/),
    );
  });

  it('that holds much more than it seems is left before it is unpacked whole', async () => {
    const zeros = new Uint8Array(gzipSync(new Uint8Array(2 ** 24)));
    expect(zeros.length).toBeLessThan(2 ** 15);
    await expect(unpack(zeros, 2 ** 20)).rejects.toEqual(refused(/more than 1048576 bytes/));
  });

  it.each([
    ['../../etc/passwd', /which no run has/],
    ['/etc/passwd', /which no run has/],
    ['notes.txt', /which no run has|list/],
  ])('with a file named %s is refused', async (name, why) => {
    const tar = gzipSync(createTar([{ name, data: bytes('x') }]));
    await expect(openBundle(new Uint8Array(tar))).rejects.toEqual(refused(why));
  });

  it.each([
    ['a run without rows’ file', { 'metrics.jsonl': null }, /lacks metrics\.jsonl/],
    ['a row that is none', { 'metrics.jsonl': line({ step: 1, reward: 'high' }) }, /line 1/],
    ['rows out of order', { 'metrics.jsonl': line({ step: 2 }) + line({ step: 1 }) }, /line 2/],
    ['a row past the last step', { 'metrics.jsonl': line({ step: 1_000_000 }) }, /out of order/],
    [
      'a row that nests deep',
      { 'metrics.jsonl': `{"step":${'['.repeat(5000)}${']'.repeat(5000)}}` },
      /too deep/,
    ],
    [
      'a manifest of another run',
      { 'manifest.json': '{"version":1}' },
      /manifest that cannot be read/,
    ],
    [
      'an evaluation that is none',
      { 'evaluations.jsonl': line(EVALUATED) + line({ step: 1 }) },
      /evaluations\.jsonl that is no evaluation of its run: line 2/,
    ],
    [
      'an evaluation past the last step',
      { 'evaluations.jsonl': line({ ...EVALUATED, step: 1_000_000 }) },
      /no evaluation of its run: line 1/,
    ],
    [
      'evaluations without end',
      { 'evaluations.jsonl': line(EVALUATED).repeat(201) },
      /more than 200 evaluations/,
    ],
    [
      'an evaluation that nests deep',
      { 'evaluations.jsonl': `{"order":${'['.repeat(5000)}${']'.repeat(5000)}}` },
      /too deep/,
    ],
    ['bytes that are no text', { 'metrics.jsonl': '\ud800' }, /./],
  ])('is not made of %s', async (_, changes, why) => {
    await expect(makeBundle(await runFiles(changes))).rejects.toEqual(refused(why));
  });

  it('never ends in anything but a typed error, whatever is flipped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const copy = good.slice();
          copy[at] ^= by;
          const outcome = await openBundle(copy).then(
            () => 'opened',
            (error: { kind?: string }) => error.kind,
          );
          expect(['opened', 'BadFile']).toContain(outcome);
        },
      ),
      { numRuns: 60 },
    );
  });
});
