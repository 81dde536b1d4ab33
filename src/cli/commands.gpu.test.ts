/** `pretrain`, `eval`, `generate`, `score` and `check` as one chain: what one says has to hold for the next. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAdapterReport } from '../lab/adapter-report/schema.ts';
import { sha256Hex } from '../model/load.ts';
import { labHere, scratchFolder, TINY, writeInput, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
const task = { id: 'chain', min_terms: 2, max_terms: 2 };
const RECIPE = {
  version: 1,
  seed: 5,
  model: TINY,
  task,
  steps: 24,
  batch_size: 16,
  learning_rate: 0.01,
  initializer_range: 0.06,
  evaluation: { prompts: 12, samples: 3, max_completion_length: 12 },
};

async function lab(...args: readonly string[]) {
  const run = await labHere(args, folder);
  expect(run.status, run.log).toBe(0);
  return run.result;
}

describe('a pretrained model', () => {
  const recipe = writeInput(folder, 'recipe.json', [RECIPE]);
  const make = (out: string) => lab('pretrain', '--recipe', recipe, '--out', out);
  // biome-ignore lint/suspicious/noExplicitAny: a result of many shapes.
  let made: any;

  beforeAll(async () => {
    made = await make('policy');
  });

  it('has learnt something, and carries a card with its hash', async () => {
    expect(made.loss).toBeLessThan(Math.log(64) - 1);
    const card = JSON.parse(readFileSync(join(folder, 'policy/card.json'), 'utf8'));
    expect(card.sha256).toBe(
      await sha256Hex(readFileSync(join(folder, 'policy/model.safetensors'))),
    );
    expect(card).toMatchObject({ sha256: made.model_hash, parameters: made.parameters });
    expect(readFileSync(join(folder, 'policy/README.md'), 'utf8')).toContain(card.sha256);
  });

  it('comes out byte for byte the same from the same recipe', async () => {
    expect((await make('again')).model_hash).toBe(made.model_hash);
  });

  it('is as good under eval as its card says, asked the same way', async () => {
    const { prompts, samples } = RECIPE.evaluation;
    const result = await lab(
      ...['eval', '--model', 'policy', '--task', JSON.stringify(task), '--seed', `${RECIPE.seed}`],
      ...['--prompts', `${prompts}`, '--samples', `${samples}`, '--max-completion-length', '12'],
    );
    expect(result.maj_at_k.length).toBe(samples);
    expect(result.pass_at_k.length).toBe(samples);
    for (const name of ['accuracy', 'maj_at_k', 'pass_at_k', 'mean_length', 'well_formed']) {
      expect(result[name], name).toEqual(made[name]);
    }
  });

  it('is refused where the recipe is, by the field', async () => {
    const cases = [
      [{ ...RECIPE, batch: 3 }, 'batch'],
      [{ ...RECIPE, model: { ...TINY, eos_token_id: 3 } }, 'recipe.model.eos_token_id'],
      [{ ...RECIPE, model: { ...TINY, hidden_size: 17 } }, 'recipe.model.hidden_size'],
      [{ ...RECIPE, evaluation: { ...RECIPE.evaluation, max_completion_length: 1000 } }, 'split'],
    ] as const;
    for (const [bad, field] of cases) {
      const path = writeInput(folder, 'bad.json', [bad]);
      const { status, result } = await labHere(
        ['pretrain', '--recipe', path, '--out', 'x'],
        folder,
      );
      expect([status, result.error.field]).toEqual([2, field]);
    }
  });
});

describe('generated completions', () => {
  writeTinyModel(join(folder, 'digits'), {
    json: { ...TINY, tie_word_embeddings: false },
    digits: true,
  });
  const chain = [
    'generate',
    '--model',
    'digits',
    '--task',
    'chain',
    '--max-completion-length',
    '9',
  ];

  it('follow from the seed, and do not depend on how many others are drawn', async () => {
    const few = await lab(...chain, '--prompts', '2', '--samples', '3', '--seed', '11');
    const more = await lab(...chain, '--prompts', '5', '--samples', '3', '--seed', '11');
    expect(more.results.slice(0, 2)).toEqual(few.results);
    const other = await lab(...chain, '--prompts', '2', '--samples', '3', '--seed', '12');
    expect(other.results).not.toEqual(few.results);
    for (const { completions } of few.results) {
      expect(new Set(completions.map((c: { text: string }) => c.text)).size).toBeGreaterThan(1);
    }
  });

  it('are the most likely ones where greedy', async () => {
    const { results } = await lab(...chain, '--greedy', '--samples', '3', '--seed', '11');
    const [first, ...rest] = results[0].completions;
    for (const other of rest) expect(other).toEqual(first);
    const cold = await lab(...chain, '--temperature', '0', '--samples', '1', '--seed', '11');
    expect(cold.results[0].completions).toEqual([first]);
  });

  it('have the log-probs that score gives them at the same temperature', async () => {
    const { results } = await lab(
      ...[...chain, '--prompts', '4', '--samples', '8', '--temperature', '0.7'],
    );
    const written = results.flatMap(
      (r: { prompt_ids: number[]; completions: { ids: number[]; logprobs: number[] }[] }) =>
        r.completions.map((c) => ({
          prompt_ids: r.prompt_ids,
          completion_ids: c.ids,
          logprobs: c.logprobs,
        })),
    );
    const input = writeInput(folder, 'written.jsonl', written);
    const scored = await lab(
      'score',
      '--model',
      'digits',
      '--input',
      input,
      '--temperature',
      '0.7',
    );
    for (const [i, { logprobs }] of written.entries()) {
      for (const [t, logprob] of logprobs.entries()) {
        expect(Math.abs(scored.results[i].logprobs[t] - logprob)).toBeLessThan(1e-4);
      }
    }
  });

  it('get the room that a short context leaves, where no budget is asked for', async () => {
    const { results } = await lab(
      'generate',
      '--model',
      'digits',
      '--prompt',
      '1+2=',
      '--seed',
      '4',
    );
    const [{ prompt_ids: prompt, completions }] = results;
    expect(prompt.length + completions[0].ids.length).toBeLessThanOrEqual(
      TINY.max_position_embeddings,
    );
    const { max_completion_length: budget } = await lab(
      ...['eval', '--model', 'digits', '--task', 'chain', '--prompts', '2', '--samples', '1'],
    );
    expect(budget).toBeGreaterThan(40);
    expect(budget).toBeLessThan(64);
  });

  it('need room in the model, and one kind of prompt', async () => {
    const refusal = async (...args: readonly string[]) => {
      const { status, result } = await labHere(args, folder);
      expect(status).toBe(2);
      return result.error.field;
    };
    const bare = ['generate', '--model', 'digits'];
    expect(await refusal(...bare)).toBe('--prompt');
    expect(await refusal(...bare, '--prompt', '1', '--task', 'chain')).toBe('--task');
    expect(await refusal(...bare, '--task', 'poker')).toBe('--task');
    expect(await refusal(...bare, '--prompt', 'Ä')).toBe('prompt');
    expect(await refusal(...bare, '--prompt-ids', '1,x')).toBe('--prompt-ids');
    expect(await refusal(...bare, '--prompt-ids', '1,64')).toBe('--prompt-ids');
    expect(await refusal(...bare, '--prompt', '1', '--samples', '0')).toBe('--samples');
    const long = ['--prompt', '1', '--max-completion-length', '63'];
    expect(await refusal(...bare, ...long)).toBe('--max-completion-length');
  });
});

it('check tells how a kernel does in every variant that the adapter has', async () => {
  const { passed, failed, kernels } = await lab('check', '--kernel', 'swiglu', '--sizes', 'few');
  expect(failed).toBe(0);
  expect(passed).toBe(kernels.length);
  expect(kernels[0]).toMatchObject({ kernel: 'swiglu', cases: 3, passed: true });
});

it('check writes a report that ends at its limit, as a file and as a page', async () => {
  const result = await lab('check', '--report', 'adapter.json', '--seconds', '20');
  const json = readFileSync(join(folder, 'adapter.json'), 'utf8');
  const made = parseAdapterReport(JSON.parse(json), 'adapter.json');
  expect(made).toMatchObject({ limit: 20, ended: result.ended });
  expect(made.adapter?.name).toBeTruthy();
  const { kernels } = made.families[0];
  expect(kernels.filter(({ done }) => done > 0).length).toBeGreaterThan(0);
  expect(result).toMatchObject({ report: join(folder, 'adapter.json'), failed: 0, differ: 0 });
  expect(readFileSync(result.page, 'utf8')).toContain(kernels[0].kernel);
  const { status, result: refused } = await labHere(['check', '--report', 'adapter.txt'], folder);
  expect(status).not.toBe(0);
  expect(refused.error.field).toBe('--report');
});
