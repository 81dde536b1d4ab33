/** `lab judge` and `lab eval --tournament` with a bundled critic on the lab's device. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labHere, scratchFolder } from './testing/lab.ts';

const folder = scratchFolder();
const MODEL = ['--model', 'policies/chain-critic'];
const pair = { question: '3+8+5+2:', answer_1: '18', answer_2: '17', expert: 1 };

function judge(lines: readonly object[], experiment?: object) {
  writeFileSync(join(folder, 'l.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  if (experiment) writeFileSync(join(folder, 'e.json'), JSON.stringify(experiment));
  const more = experiment ? ['--experiment', 'e.json'] : [];
  return labHere(['judge', '--input', 'l.jsonl', ...MODEL, ...more], folder);
}

describe('judge', () => {
  it('samples verdicts in both orders, speaks of the answers by their numbers, and says the same twice', async () => {
    const recorded = { ...pair, verdicts: ['2'] };
    const lines = [pair, recorded, { ...pair, answer_1: '17', answer_2: '18', expert: 2 }];
    const run = await judge(lines);
    expect(run.status, run.log).toBe(0);
    const [first, given, turned] = run.result.results;
    expect(first).toMatchObject({ first: ['1', '2', '1', '2'], identical: false });
    expect(given).toEqual({
      ...{ verdicts: ['2'], probabilities: { '1': 0, '2': 1, tie: 0 }, identical: false },
      ...{ r_critic: [0], r_policy: 1 },
    });
    // The last letter says who was named, and the order who that is.
    const letters = [
      { x: '1', y: '2', t: 'tie' },
      { x: '2', y: '1', t: 'tie' },
    ] as const;
    for (const [expert, { verdicts, texts, r_critic }] of [
      ['1', first],
      ['2', turned],
    ]) {
      expect(texts).toHaveLength(4);
      texts.forEach((text: string | null, i: number) => {
        const letter = /^.*>([xyt])$/s.exec(text ?? '')?.[1] as 'x' | undefined;
        expect(verdicts[i]).toBe(letter ? letters[i % 2][letter] : null);
        expect(r_critic[i]).toBe(verdicts[i] === 'tie' ? 0.55 : Number(verdicts[i] === expert));
      });
    }
    expect((await judge(lines)).result).toEqual(run.result);
  });

  it('judges as the experiment says, and refuses what it cannot ask', async () => {
    const task = { id: 'chain', min_terms: 3, max_terms: 4, largest_term: 9, answer_apart: true };
    const method = { name: 'raro', verdicts: 3, both_orders: false, tau_crit: 0.25 };
    const { result } = await judge([pair], { task, method });
    expect(result).toMatchObject({ tau_crit: 0.25, results: [{ first: ['1', '1', '1'] }] });
    expect(result.results[0].by_order['2']).toBeNull();
    const strange = await judge([{ ...pair, question: 'who?' }]);
    expect(strange.result.error).toMatchObject({ field: 'line 1: question' });
    const binary = await judge([pair], { task, method: { name: 'raro', binary_critic: true } });
    expect(binary.result.error).toMatchObject({ field: 'method.binary_critic' });
  });
});

describe('eval --tournament', () => {
  const task = '{"id":"chain","min_terms":3,"max_terms":4,"largest_term":9,"answer_apart":true}';
  const tournament = (...more: readonly string[]) =>
    labHere(
      ['eval', ...MODEL, '--task', task, '--prompts', '6', '--samples', '4', ...more],
      folder,
    );

  it('sets the winner beside the majority, one sample and any, for 1, 2 and 4 answers', async () => {
    const run = await tournament('--tournament', '4');
    expect(run.status, run.log).toBe(0);
    const { by_answers, verdicts } = run.result.tournament;
    expect(by_answers.map(({ n }: { n: number }) => n)).toEqual([1, 2, 4]);
    const [alone, , all] = by_answers;
    expect(alone.tournament).toBe(alone.one_sample);
    expect(all.best_of).toBe(run.result.pass_at_k[3]);
    for (const row of by_answers) expect(row.tournament).toBeLessThanOrEqual(row.best_of);
    expect(verdicts).toBeGreaterThan(0);
    expect(run.log).toMatch(/tournament of 4: winner \d\.\d{3} \(.+\), one sample /);
  });

  it('is refused where answers or judges are missing', async () => {
    const many = await tournament('--tournament', '5');
    expect(many.result.error).toMatchObject({ kind: 'BadConfig', field: '--tournament' });
    const word = await labHere(
      ['eval', '--model', 'policies/word-micro', '--task', 'word', '--tournament', '2'],
      folder,
    );
    expect(word.result.error).toMatchObject({ kind: 'BadConfig', field: '--tournament' });
  });
});
