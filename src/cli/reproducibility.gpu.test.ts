/** Same experiment, same bytes: however a run is ended and resumed, it leaves the same files as an uninterrupted one. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type LabRun,
  labChild,
  labHere,
  scratchFolder,
  TINY,
  writeTinyModel,
} from './testing/lab.ts';

const folder = scratchFolder();
writeTinyModel(join(folder, 'model'), {
  json: { ...TINY, tie_word_embeddings: false },
  digits: true,
});

const EXPERIMENT = {
  version: 1,
  seed: 7,
  steps: 6,
  task: { id: 'chain', min_terms: 2, max_terms: 2, largest_term: 99 },
  policy: 'policies/chain-nano',
  method: {
    num_generations: 8,
    prompts_per_step: 8,
    num_iterations: 2,
    learning_rate: 1e-3,
    beta: 0.02,
    entropy_coef: 0.01,
    max_completion_length: 4,
  },
  rewards: [{ term: 'answer' }, { term: 'format', weight: 0.1 }],
  // Neither 3 nor 6 is a multiple: the end of a run must not add a measurement that a longer run lacks.
  evaluation: { every: 2, prompts: 8, samples: 2 },
};

function experiment(name: string, changes: object = {}): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ ...EXPERIMENT, ...changes }));
  return path;
}

function train(out: string, ...more: readonly string[]): string[] {
  return ['train', '--model', 'model', '--out', out, '--checkpoint-every', '2', ...more];
}

const file = (out: string, name: string) => readFileSync(join(folder, out, name));

/** What has to be equal to the last byte. */
function expectSameRun(out: string): void {
  for (const name of ['metrics.jsonl', 'samples.jsonl', 'model/model.safetensors']) {
    expect(file(out, name).equals(file('whole', name)), name).toBe(true);
  }
  // The build's name differs where the test ran the sources themselves.
  const manifest = (of: string) => ({
    ...JSON.parse(file(of, 'manifest.json').toString()),
    build: '',
  });
  expect(manifest(out)).toEqual(manifest('whole'));
  const rows = file(out, 'timings.jsonl').toString().trimEnd().split('\n');
  expect(rows.map((row) => JSON.parse(row).step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
}

describe('a run of six steps', () => {
  const six = experiment('six.json');
  let hash = '';

  beforeAll(async () => {
    const { status, result, log } = await labChild(train('whole', '--experiment', six), folder);
    expect(status, log).toBe(0);
    hash = result.hash;
  });

  it('trains: rows in order, a gradient in every step, other weights at the end, and a sampler that agrees', () => {
    const rows = file('whole', 'metrics.jsonl').toString().trimEnd().split('\n');
    const metrics = rows.map((row) => JSON.parse(row));
    expect(metrics.map((row) => row.step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const row of metrics.slice(1)) {
      expect(row.grad_norm).toBeGreaterThan(0);
      expect(row['sampling/sampling_logp_difference/max']).toBeLessThan(1e-4);
    }
    const before = readFileSync(join(folder, 'model/model.safetensors'));
    expect(file('whole', 'model/model.safetensors').equals(before)).toBe(false);
  });

  it('leaves the same bytes as three steps, an exit, and a resume to six', async () => {
    const three = experiment('three.json', { steps: 3 });
    const first = await labChild(train('halves', '--experiment', three), folder);
    expect(first.status, first.log).toBe(0);
    expect(first.result).toMatchObject({ step: 3, finished: true });
    const second = await labChild(train('halves', '--experiment', six, '--resume'), folder);
    expect(second.status, second.log).toBe(0);
    expect(second.result.hash).toBe(hash);
    expectSameRun('halves');
  });

  it('continues with the kernels and the cut of its manifest, and warns of those that are not available', async () => {
    const three = experiment('three.json', { steps: 3 });
    const first = await labHere(train('forced', '--experiment', three), folder);
    expect(first.status, first.log).toBe(0);
    const manifest = JSON.parse(file('forced', 'manifest.json').toString());
    const plan = { micro_batch_tokens: 512, token_bucket: 256 };
    expect(manifest.plan).not.toEqual(plan);
    const variants = { default: 'scalar', 'attention-forward': 'lanes', 'matmul-nt': 'magic' };
    writeFileSync(
      join(folder, 'forced/manifest.json'),
      JSON.stringify({ ...manifest, variants, plan }),
    );
    const four = experiment('four.json', { steps: 4 });
    const second = await labHere(train('forced', '--experiment', four, '--resume'), folder);
    expect(second.status, second.log).toBe(0);
    expect(second.log).toMatch(/warning: .*magic of matmul-nt/);
    const after = JSON.parse(file('forced', 'manifest.json').toString());
    expect(after.variants).toEqual({ default: 'scalar', 'attention-forward': 'lanes' });
    expect(after.plan).toEqual(plan);
  });

  it('leaves the same bytes when it is paused after a step and resumed', async () => {
    const first = await labHere(train('paused', '--experiment', six), folder, (line, stop) => {
      if (line.startsWith('step 3 of')) stop();
    });
    expect(first, first.log).toMatchObject({ status: 130, result: { step: 3, finished: false } });
    const second = await labHere(train('paused', '--experiment', six, '--resume'), folder);
    expect(second.log).toContain('going on from step 3');
    expect(second.result.hash).toBe(hash);
    expectSameRun('paused');
  });

  it('ends after its step at Ctrl-C, with a checkpoint and status 130', async () => {
    const endless = experiment('endless.json', { steps: 100_000 });
    const { status, result } = await labChild(
      train('endless', '--experiment', endless),
      folder,
      (line, kill) => {
        if (line.includes('step 6 of')) kill('SIGINT');
      },
    );
    expect(status).toBe(130);
    expect(result.finished).toBe(false);
    const { step } = JSON.parse(file('endless', 'checkpoint/state.json').toString());
    expect(result).toMatchObject({ step, last: { step } });
    const rows = file('whole', 'metrics.jsonl');
    expect(file('endless', 'metrics.jsonl').subarray(0, rows.length).equals(rows)).toBe(true);
  });

  it('leaves the same bytes when it is killed without warning, with rows after its checkpoint', async () => {
    await labChild(train('killed', '--experiment', six), folder, (line, kill) => {
      if (line.includes('step 3 of')) kill('SIGKILL');
    });
    // What a kill can leave behind: a row that is cut in two.
    writeFileSync(join(folder, 'killed/metrics.jsonl'), '{"step":3,"rew', { flag: 'a' });
    const second = await labChild(train('killed', '--experiment', six, '--resume'), folder);
    expect(second.log).toContain('going on from step');
    expect(second.result.hash).toBe(hash);
    expectSameRun('killed');
  });

  it('keeps a second run out of its folder, new or resumed, and leaves the bytes of one run', async () => {
    let others: Promise<LabRun>[] = [];
    const first = await labHere(train('shared', '--experiment', six), folder, (line) => {
      if (!line.startsWith('step 2 of')) return;
      others = [[], ['--resume']].map((more) =>
        labHere(train('shared', '--experiment', six, ...more), folder),
      );
    });
    expect(first.status, first.log).toBe(0);
    for (const { status, result } of await Promise.all(others)) {
      expect([status, result.error.kind, result.error.field]).toEqual([1, 'Busy', '--out']);
    }
    expect(first.result.hash).toBe(hash);
    expectSameRun('shared');
  });

  it('is not resumed under another experiment, from an altered checkpoint or over another run', async () => {
    const before = file('whole', 'metrics.jsonl');
    const refusal = async (...more: readonly string[]) => {
      const { status, result } = await labHere(more, folder);
      expect(status).toBe(2);
      return result.error.field;
    };
    const other = experiment('other.json', { seed: 8 });
    expect(await refusal(...train('whole', '--experiment', other, '--resume'))).toBe('seed');
    expect(await refusal(...train('whole', '--experiment', six))).toBe('--out');
    expect(await refusal(...train('nowhere', '--experiment', six, '--resume'))).toBe('--resume');
    cpSync(join(folder, 'whole'), join(folder, 'copy'), { recursive: true });
    const part = join(folder, 'copy/checkpoint/v-000006.safetensors');
    const bytes = readFileSync(part);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(part, bytes);
    expect(await refusal(...train('copy', '--experiment', six, '--resume'))).toBe('checkpoint: v');
    rmSync(part);
    expect(await refusal(...train('copy', '--experiment', six, '--resume'))).toBe('checkpoint: v');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    expect(file('whole', 'metrics.jsonl').equals(before)).toBe(true);
  });
});

describe('a run by PPO', () => {
  const { num_iterations: _, ...shared } = EXPERIMENT.method;
  const ppo = { name: 'ppo', num_ppo_epochs: 2, num_mini_batches: 3, kl_coef: 0.05 };
  const method = { ...shared, ...ppo, value_detach: false };

  it('leaves the same bytes when it is ended and resumed: the value head and its moments are kept', async () => {
    const four = experiment('ppo-four.json', { method, steps: 4 });
    const two = experiment('ppo-two.json', { method, steps: 2 });
    const whole = await labHere(train('ppo', '--experiment', four), folder);
    expect(whole.status, whole.log).toBe(0);
    await labHere(train('ppo-halves', '--experiment', two), folder);
    const second = await labHere(train('ppo-halves', '--experiment', four, '--resume'), folder);
    expect(second.log).toContain('going on from step 2');
    expect(second.result.hash).toBe(whole.result.hash);
    expect(second.result.model_hash).toBe(whole.result.model_hash);
    rmSync(join(folder, 'ppo-halves/checkpoint/value-000004.safetensors'));
    const { status, result } = await labHere(
      train('ppo-halves', '--experiment', four, '--resume'),
      folder,
    );
    expect([status, result.error.field]).toEqual([2, 'checkpoint: value']);
  });
});
