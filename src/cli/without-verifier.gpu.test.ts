/** A task without a verifier from the command line: it trains, and what nobody can judge is not made up. */
import '../rl/tasks/testing-praise.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labHere, scratchFolder, TINY, writeInput, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
writeTinyModel(join(folder, 'model'), {
  json: { ...TINY, tie_word_embeddings: false },
  digits: true,
});
const experimentOf = (name: string, term: string) =>
  writeInput(folder, name, [
    {
      ...{ version: 1, seed: 3, steps: 2, task: { id: 'praise' }, policy: 'policies/chain-nano' },
      method: { num_generations: 4, prompts_per_step: 2, max_completion_length: 6 },
      rewards: [{ term }],
      evaluation: { every: 1, prompts: 4, samples: 2 },
    },
  ]);
const lines = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const lab = (...args: readonly string[]) => labHere(args, folder);

describe('a task without a verifier', () => {
  it('trains on a reward that needs none; rows and samples have no verdict', async () => {
    const experiment = experimentOf('ours.json', 'confidence');
    const run = await lab(
      ...['train', '--experiment', experiment, '--model', 'model', '--out', 'run'],
    );
    expect(run.status, run.log).toBe(0);
    const rows = lines('run/metrics.jsonl');
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row['eval/mean_length']).toBeGreaterThan(0);
      const judged = Object.keys(row).filter((name) => /accuracy|pass_at|maj_at|formed/.test(name));
      expect(judged).toEqual([]);
    }
    expect(Math.abs(rows[2].grad_norm)).toBeGreaterThan(0);
    for (const { completions } of lines('run/samples.jsonl')) {
      for (const one of completions) expect(one).not.toHaveProperty('correct');
    }
  });

  it('refuses a reward that must judge, by name, before anything is loaded', async () => {
    const experiment = experimentOf('theirs.json', 'answer');
    const input = writeInput(folder, 'in.jsonl', [{ prompt: '3:', completion: 'well done' }]);
    for (const args of [
      ['train', '--experiment', experiment, '--model', 'model', '--out', 'never'],
      ['reward', '--experiment', experiment, '--input', input],
    ]) {
      const { status, result } = await lab(...args);
      expect(status).not.toBe(0);
      expect(result.error).toMatchObject({ kind: 'BadConfig', field: 'rewards.0.term' });
    }
  });

  it('is evaluated with null for what is not judged, and takes no receivers', async () => {
    const args = ['eval', '--model', 'model', '--task', 'praise', '--prompts', '3'];
    const budget = ['--samples', '2', '--max-completion-length', '6'];
    const { status, result, log } = await lab(...args, ...budget, '--curves');
    expect(status, log).toBe(0);
    expect(result).toMatchObject({ accuracy: null, maj_at_k: null, pass_at_k: null });
    expect(result.mean_length).toBeGreaterThan(0);
    expect(log).toContain('not judged');
    const refused = await lab(...args, ...budget, '--receivers', 'policy');
    expect(refused.result.error).toMatchObject({ kind: 'BadConfig', field: 'receivers' });
  });

  it('generates, and scores given lines by what needs no verdict', async () => {
    const generated = await lab('generate', '--model', 'model', '--task', 'praise');
    expect(generated.status, generated.log).toBe(0);
    expect(generated.result.results[0].completions[0]).toMatchObject({ correct: null });
    const experiment = experimentOf('ours.json', 'sar');
    const input = writeInput(folder, 'in.jsonl', [{ prompt: '3:', completion: '12' }]);
    const scored = await lab(
      ...['reward', '--experiment', experiment, '--input', input, '--model', 'model'],
    );
    expect(scored.status, scored.log).toBe(0);
    const { sar } = scored.result.results[0].terms;
    expect(sar.tokens.v).toHaveLength(3);
    expect(sar.tokens.v).toEqual(sar.used.v);
  });
});
