/** `reward` with a model: what `sar` shows has to be what `score` gives for the same ids. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { labHere, scratchFolder, TINY, writeInput, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
const TEMPERATURE = 0.8;
const LINES = [
  { question: '12+95:', completion: '12+95=7' },
  { question: '3+4:', completion: '' },
  { question: '12+95:', completion: '9', truncated: true },
];
writeTinyModel(join(folder, 'tiny'));

async function lab(...args: readonly string[]) {
  const run = await labHere(args, folder);
  expect(run.status, run.log).toBe(0);
  return run.result;
}

it('shows both sides of R_SA with their ids and perplexities, as score computes them', async () => {
  const experiment = writeInput(folder, 'experiment.json', [
    {
      version: 1,
      task: { id: 'chain' },
      method: { temperature: TEMPERATURE },
      rewards: ['sar', 'length_o1', 'length_er', 'confidence', 'answer'].map((term) => ({ term })),
    },
  ]);
  const { results, metrics, temperature } = await lab(
    ...['reward', '--experiment', experiment, '--model', 'tiny'],
    ...['--input', writeInput(folder, 'lines.jsonl', LINES)],
  );
  expect(temperature).toBe(TEMPERATURE);
  const ends = LINES.map(({ completion, truncated }) => completion.length + (truncated ? 0 : 1));
  const sides = LINES.flatMap((_, i) => {
    const { ids_with_question: whole, ids_without_question: alone } = results[i].terms.sar.used;
    expect(alone.slice(2)).toEqual(whole.slice(-ends[i]));
    expect(alone.at(-1) === TINY.eos_token_id).toBe(i < 2);
    return [whole, alone].map((ids: number[]) => ({
      prompt_ids: ids.slice(0, ids.length - ends[i]),
      completion_ids: ids.slice(-ends[i]),
    }));
  });
  const scored = await lab(
    ...['score', '--model', 'tiny', '--temperature', `${TEMPERATURE}`],
    ...['--input', writeInput(folder, 'sides.jsonl', sides)],
  );
  LINES.forEach((_, i) => {
    const { used, value } = results[i].terms.sar;
    const [given, alone]: number[] = [2 * i, 2 * i + 1].map((at) => {
      const { logprobs } = scored.results[at];
      return Math.exp(-logprobs.reduce((a: number, b: number) => a + b, 0) / logprobs.length);
    });
    expect(used.perplexity_with_question / given).toBeCloseTo(1, 5);
    expect(used.perplexity_without_question / alone).toBeCloseTo(1, 5);
    expect(value).toBeCloseTo(Math.max(-1, (alone - given) / alone), 4);
    expect(used.v).toHaveLength(ends[i]);
    expect(results[i].terms.confidence.value).toBeCloseTo(-Math.log(given), 4);
  });
  // Right in 8 tokens and wrong in 1, of one question.
  expect(results[0].terms.length_o1.value).toBeCloseTo(4.5 / 8 - 1, 12);
  expect(results[2].terms.length_o1.value).toBe(1);
  expect(results[0].terms.length_er.value).toBe(0);
  expect(metrics['rewards/sar/mean_right']).toBe(results[0].terms.sar.value);
});
