/** A run goes into one file, and is done again from it; many runs come from one file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeBundle } from '../lab/bundle/bundle.ts';
import { pack, unpack } from '../lab/bundle/packed-files.ts';
import { labHere, scratchFolder, TINY, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
writeTinyModel(join(folder, 'model'), { json: TINY, digits: true });

const EXPERIMENT = {
  version: 1,
  seed: 7,
  steps: 3,
  task: { id: 'chain', min_terms: 2, max_terms: 2, largest_term: 99 },
  policy: 'policies/chain-nano',
  method: {
    num_generations: 4,
    prompts_per_step: 4,
    max_completion_length: 4,
    learning_rate: 1e-3,
  },
  rewards: [{ term: 'answer' }, { term: 'format', weight: 0.1 }],
  evaluation: { every: 2, prompts: 8, samples: 2 },
};
const write = (name: string, json: unknown) =>
  writeFileSync(join(folder, name), JSON.stringify(json));
write('experiment.json', EXPERIMENT);

const here = (...args: readonly string[]) => labHere(args, folder);

describe('a bundle of a run', () => {
  beforeAll(async () => {
    const train = ['train', '--model', 'model', '--experiment', 'experiment.json', '--out', 'run'];
    expect((await here(...train)).status).toBe(0);
    const made = await here('bundle', 'run', '--out', 'run.tar.gz');
    expect(made).toMatchObject({ status: 0, result: { rows: 4, steps: 3, model: true } });
  });

  it('is verified: every row and the model come out the same', async () => {
    const { status, result } = await here('verify', 'run.tar.gz', '--model', 'model');
    expect(status).toBe(0);
    expect(result).toMatchObject({
      ...{ equal: true, rows: 4, equal_rows: 4, first_difference: null, model_equal: true },
      ...{ same_build: true, same_adapter: true },
    });
  });

  it('with a number changed by somebody who knows the format is found out at that number', async () => {
    const files = await unpack(new Uint8Array(readFileSync(join(folder, 'run.tar.gz'))));
    files.delete('bundle.json');
    const rows = new TextDecoder().decode(files.get('metrics.jsonl')).trimEnd().split('\n');
    const row = JSON.parse(rows[2]);
    rows[2] = JSON.stringify({ ...row, reward: row.reward + 0.25 });
    files.set('metrics.jsonl', new TextEncoder().encode(`${rows.join('\n')}\n`));
    writeFileSync(join(folder, 'edited.tar.gz'), await makeBundle(files));
    const { status, result } = await here('verify', 'edited.tar.gz', '--model', 'model');
    expect(status).toBe(1);
    expect(result).toMatchObject({
      ...{ equal: false, rows: 4, equal_rows: 3 },
      first_difference: {
        step: 2,
        column: 'reward',
        recorded: row.reward + 0.25,
        here: row.reward,
      },
    });
  });

  it('is not begun with other weights', async () => {
    const { status, result } = await here('verify', 'run.tar.gz');
    expect(status).toBe(2);
    expect(result.error).toMatchObject({ kind: 'BadConfig', field: '--bundle' });
  });

  it('is refused where the file is none', async () => {
    writeFileSync(join(folder, 'bad.tar.gz'), await pack(new Map([['x', new Uint8Array(3)]])));
    for (const file of ['experiment.json', 'bad.tar.gz', 'nothing.tar.gz']) {
      expect((await here('verify', file)).status).toBe(2);
    }
    expect((await here('bundle', 'model', '--out', 'x.tar.gz')).status).toBe(2);
  });
});

it('a sweep does its runs, says what they came to, and has nothing left to do', async () => {
  const { policy, ...rest } = EXPERIMENT;
  const experiment = {
    ...rest,
    policy,
    steps: 1,
    evaluation: { every: 1, prompts: 4, samples: 1 },
  };
  write('sweep.json', {
    ...{ version: 1, experiment, seeds: [1] },
    grid: { 'method.learning_rate': [1e-4, 2e-4] },
  });
  const args = ['sweep', 'sweep.json', '--out', 'swept', '--jobs', '2'] as const;
  const first = await here(...args, '--shard', '1/2');
  expect(first).toMatchObject({ status: 0, result: { runs: 2, done: 1, failed: [] } });
  const all = await here(...args);
  expect(all).toMatchObject({
    status: 0,
    result: { cells: [{ seeds: [1] }, { seeds: [1] }], done: 2 },
  });
  expect(readFileSync(join(folder, 'swept/runs.csv'), 'utf8').split('\r\n')).toHaveLength(4);
  const again = await here(...args, '--plan');
  expect(again.result.todo).toEqual([]);
  write('sweep.json', { version: 1, experiment, grid: { 'method.learning_rate': [1e-4, 50] } });
  const refused = await here(...args);
  expect(refused).toMatchObject({
    status: 2,
    result: { error: { kind: 'BadConfig', field: 'grid' } },
  });
});
