/** A reward model from its run to its uses: saved, asked by `score` and `reward`, paid by another method, a reranker, and a finder of errors. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModelFolder } from '../model/load.ts';
import { readingOf } from '../rl/airl/reward-model.ts';
import { labHere, scratchFolder, TINY, writeInput, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
writeTinyModel(join(folder, 'tiny'), { digits: true });
// Its parameters lie in another way without a token head.
writeTinyModel(join(folder, 'untied'), {
  json: { ...TINY, tie_word_embeddings: false },
  digits: true,
});

const small = { prompts_per_step: 2, num_generations: 2, max_completion_length: 12 };
const task = { id: 'chain', max_terms: 2 };
const airl = {
  ...{ seed: 3, steps: 2, task, evaluation: { every: 0, prompts: 4, samples: 2 } },
  method: { ...small, name: 'airl', granularity: 'interval', interval: 3, reward_warmup_steps: 1 },
};

async function lab(...args: readonly string[]) {
  const run = await labHere(args, folder);
  expect(run.status, run.log).toBe(0);
  return run.result;
}

const experiment = (name: string, json: object) => {
  writeFileSync(join(folder, name), JSON.stringify(json));
  return name;
};

const train = (name: string, json: object, model: string) =>
  lab('train', '--experiment', experiment(`${name}.json`, json), '--out', name, '--model', model);

const LINES = [
  { question: '3+4:', completion: '3+4=7' },
  { question: '12+95:', completion: '12+95=7' },
  { question: '3+4:', completion: '3+4=8' },
];

const trained = await train('run', airl, 'untied');
const json = (file: string) => JSON.parse(readFileSync(join(folder, 'run', file), 'utf8'));

describe('a learned reward', () => {
  it('is saved beside the policy with its reading and its card', async () => {
    const config = json('reward-model/config.json');
    expect(config.architectures).toEqual(['LlamaForTokenClassification']);
    expect(readingOf(config)).toEqual({ granularity: 'interval', interval: 3, reward_clip: 3 });
    const card = json('reward-model/card.json');
    expect(card).toMatchObject({
      ...{ kind: 'reward model', steps: 2, held_out: { experts: 4, answers: 8 } },
      sha256: trained.reward_model_hashes['reward-model'],
    });
    expect(card.held_out.auroc).toBeGreaterThanOrEqual(0);
    expect(card.last_step['discriminator/accuracy']).toEqual(expect.any(Number));
    for (const file of ['tokenizer.json', 'README.md'])
      expect(existsSync(join(folder, 'run/reward-model', file)), file).toBe(true);
    const model = await loadModelFolder(
      async (file) => new Uint8Array(readFileSync(join(folder, 'run/reward-model', file))),
      { scalar: true },
    );
    expect(model.layout.tokenHead).toBe(false);
    expect(model.scalar?.head.some((weight) => weight !== 0)).toBe(true);
  });

  it('gives each token’s logit, its reward by granularity, and both forms of advantage', async () => {
    const named = experiment('named.json', {
      ...airl,
      rewards: [
        {
          term: 'learned',
          reward_model: 'run/reward-model',
          granularity: 'sparse',
          reward_clip: 9,
        },
      ],
    });
    const { results, reward_model_hash } = await lab(
      ...['reward', '--experiment', named, '--input', writeInput(folder, 'l.jsonl', LINES)],
    );
    expect(reward_model_hash).toBe(trained.reward_model_hashes['reward-model']);
    const sequences = LINES.map(({ question: prompt, completion }) => ({
      prompt,
      completion: `${completion}<eos>`,
    }));
    const scored = await lab(
      ...['score', '--model', 'run/reward-model'],
      ...['--input', writeInput(folder, 's.jsonl', sequences)],
    );
    results.forEach((result: Record<string, never>, i: number) => {
      const { tokens, value, advantages } = (result as never as { terms: { learned: never } }).terms
        .learned as { tokens: Record<string, number[]>; value: number; advantages: never };
      const want: number[] = scored.results[i].values;
      tokens.logit.forEach((logit, t) => {
        expect(Math.abs(logit - want[t])).toBeLessThan(1e-5);
      });
      const last = tokens.logit.at(-1) ?? Number.NaN;
      expect(tokens.reward).toEqual(tokens.logit.map(() => last));
      expect(value).toBeCloseTo(last, 12);
      expect(advantages).toMatchObject({
        mean: expect.any(Number),
        token: tokens.logit.map(() => expect.any(Number)),
      });
    });
    const means = [0, 2].map((i) => results[i].terms.learned.advantages.mean);
    expect(means[0] + means[1]).toBeCloseTo(0, 9);
    expect(results[1].terms.learned.advantages.mean).toBe(0);
  });

  it('pays another method, which names it in its manifest and plans for it', async () => {
    const grpo = {
      ...{ ...airl, method: { ...small, name: 'grpo' } },
      rewards: [{ term: 'learned', reward_model: 'run/reward-model' }],
    };
    const paid = await train('paid', grpo, 'tiny');
    expect(paid.last['rewards/learned/mean']).toBe(paid.last.reward);
    expect(paid.reward_model_hashes).toBeUndefined();
    const manifest = JSON.parse(readFileSync(join(folder, 'paid/manifest.json'), 'utf8'));
    expect(manifest.learner_hashes).toEqual({
      learned: trained.reward_model_hashes['reward-model'],
    });
    expect(manifest.memory.bytes.learners).toBeGreaterThan(0);
    const resumed = await lab(
      ...['train', '--resume', '--out', 'paid', '--model', 'tiny'],
      ...['--experiment', experiment('more.json', { ...grpo, steps: 3 })],
    );
    expect(resumed.step).toBe(3);
  });

  it('is refused by name where it reads other tokens, is of another width or is none', async () => {
    const config = json('reward-model/config.json');
    const copy = async (name: string, change: object) => {
      writeTinyModel(join(folder, name));
      for (const file of ['model.safetensors', 'tokenizer.json'])
        writeFileSync(
          join(folder, name, file),
          readFileSync(join(folder, 'run/reward-model', file)),
        );
      writeFileSync(join(folder, name, 'config.json'), JSON.stringify({ ...config, ...change }));
    };
    await copy('rewards/wide', { hidden_size: 32 });
    await copy('rewards/short', { max_position_embeddings: 8 });
    const asked = (reward_model: string) =>
      labHere(
        [
          ...['train', '--out', 'none', '--model', 'tiny', '--experiment'],
          experiment('asked.json', {
            ...{ ...airl, method: { ...small, name: 'grpo' } },
            rewards: [{ term: 'answer' }, { term: 'learned', reward_model }],
          }),
        ],
        folder,
      );
    for (const [name, field, message] of [
      ['rewards/wide', /^model\.safetensors: /, /shape/],
      ['rewards/short', /^rewards\.1\.reward_model$/, /reads 8 positions/],
      ['policies/chain-nano', /^rewards\.1\.reward_model$/, /has no scalar head/],
      ['rewards/nothing', /^--experiment$/, /no model folder/],
      ['', /^rewards\.1\.reward_model$/, /No model is named/],
    ] as const) {
      const { status, result } = await asked(name);
      expect([status, result.error?.field], name).toEqual([2, expect.stringMatching(field)]);
      expect(result.error.message).toMatch(message);
    }
  });

  it('chooses among answers of a policy, and says so twice', async () => {
    const args = [
      ...['rerank', '--task', JSON.stringify(task), '--model', 'tiny', '--samples', '4'],
      ...['--reward-model', 'run/reward-model', '--prompts', '6', '--max-completion-length', '12'],
    ];
    const first = await lab(...args);
    expect(first).toMatchObject({
      questions: 6,
      answers: 24,
      granularity: 'interval',
      interval: 3,
    });
    expect(first.rows.map(({ n }: { n: number }) => n)).toEqual([2, 4]);
    expect(Object.keys(first.rows[0].choosers)).toHaveLength(9);
    expect(await lab(...args)).toEqual(first);
  });

  it('looks for errors in answers and in experts’ traces with one injected', async () => {
    const { natural, injected, judge } = await lab(
      ...['find-error', '--task', JSON.stringify(task), '--model', 'tiny', '--samples', '4'],
      ...['--reward-model', 'run/reward-model', '--prompts', '6', '--max-completion-length', '12'],
      ...['--injected', '12'],
    );
    expect(injected.traces + injected.harmless).toBe(12);
    expect(Object.keys(injected.steps)).toEqual([
      ...['lowest_reward', 'largest_drop', 'log_probability', 'entropy', 'chance'],
    ]);
    expect(natural.traces + natural.unplaced).toBe(judge.wrong);
    expect(judge.right + judge.wrong).toBe(24);
  });
});
