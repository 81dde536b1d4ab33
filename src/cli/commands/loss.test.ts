/** `lab loss` against numbers worked out by hand, for each method, and its refusals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labHere, scratchFolder } from '../testing/lab.ts';

const folder = scratchFolder();

async function lossOf(method: object, lines: readonly object[]) {
  writeFileSync(join(folder, 'e.json'), JSON.stringify({ method }));
  writeFileSync(join(folder, 'l.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  return labHere(['loss', '--experiment', 'e.json', '--input', 'l.jsonl'], folder);
}

const near = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => row.map((x) => expect.closeTo(x, 12)));

describe('lab loss', () => {
  it('of GRPO with Dr. GRPO’s divisor is what the formula says, whatever order the groups stand in', async () => {
    const method = { loss_type: 'dr_grpo', scale_rewards: 'none', max_completion_length: 10 };
    const { result, status } = await lossOf(method, [
      { group: 7, logp: [-1, -2], reward: 1 },
      { group: 3, logp: [-1], reward: 0 },
      { group: 7, logp: [-3], reward: 0 },
      { group: 3, logp: [-1, -1], reward: 0 },
    ]);
    expect(status).toBe(0);
    // Advantages 0.5 and -0.5 in group 7, 0 in group 3; four completions of at most ten tokens.
    expect(result.coefficients).toEqual(near([[-0.5 / 40, -0.5 / 40], [0], [0.5 / 40], [0, 0]]));
    expect(result.loss).toBeCloseTo((-2 * 0.5 + 0.5) / 40, 12);
    expect(result.metrics).toMatchObject({ reward: 0.25, frac_reward_zero_std: 0.5 });
    expect(result.entropy_coefficients).toEqual([[0, 0], [0], [0], [0, 0]]);
  });

  it('of GRPO takes off the mean entropy of a token times its weight, however far the loss divides', async () => {
    const method = { scale_rewards: 'none', entropy_coef: 0.5, max_completion_length: 512 };
    const lines = [
      { group: 0, logp: [-1, -2], entropy: [1.25, 1.5], advantage: 0 },
      { group: 0, logp: [-1], entropy: [1.25], advantage: 0 },
    ];
    for (const loss_type of ['grpo', 'bnpo', 'dapo', 'dr_grpo', 'gspo', 'cispo']) {
      const { result } = await lossOf({ ...method, loss_type }, lines);
      expect(result.entropy_coefficients).toEqual(near([[-0.5 / 3, -0.5 / 3], [-0.5 / 3]]));
      expect(result.loss).toBeCloseTo((-0.5 * 4) / 3, 12);
      expect(result.metrics.entropy).toBeCloseTo(4 / 3, 12);
    }
  });

  it('of GRPO multiplies the divergence by the ratio where it is to be corrected', async () => {
    const method = { loss_type: 'dapo', beta: 0.5, use_bias_correction_kl: true };
    const { result } = await lossOf(method, [
      { logp: [-1], old: [-1 - Math.LN2], ref: [-1 - Math.LN2], advantage: 0 },
    ]);
    // Ratio 2; KL = 1/2 + ln 2 - 1, slope 1/2.
    const kl = Math.LN2 - 0.5;
    expect(result.loss).toBeCloseTo(0.5 * 2 * kl, 12);
    expect(result.coefficients).toEqual(near([[0.5 * 2 * (0.5 + kl)]]));
  });

  it('of GRPO clips a ratio, pays the divergence and leaves truncated completions out', async () => {
    const method = { loss_type: 'dapo', beta: 0.5, mask_truncated_completions: true };
    const { result } = await lossOf(method, [
      { logp: [0, -1], old: [-1, -1], ref: [0, -1], advantage: 2 },
      { logp: [-1, -1, -1], old: [-1, -1, -1], ref: [-1, -1, -1], advantage: 1, truncated: true },
      { logp: [-1], old: [-1], ref: [-1 - Math.LN2], advantage: -1 },
    ]);
    // Three tokens count. The first has ratio e, above 1.2, at a positive advantage: no gradient.
    const kl = 1 - 0.5;
    expect(result.coefficients).toEqual(near([[0, -2 / 3], [0, 0, 0], [(1 + 0.5 * kl) / 3]]));
    expect(result.metrics['clip_ratio/high_mean']).toBeCloseTo(1 / 3, 12);
  });

  it('of PPO makes advantages and returns of the reward, and gives coefficients of values too', async () => {
    const method = { name: 'ppo', lam: 1, whiten_advantages: false, cliprange_value: null };
    const { result } = await lossOf({ ...method, vf_coef: 0.1 }, [
      {
        ...{ logp: [-1, -1], old: [-1, -1], entropy: [0.5, 0.5], reward: 1 },
        ...{ old_values: [0.5, 0.25], values: [0.5, 0.5] },
      },
    ]);
    // Both returns are 1, advantages 0.5 and 0.75; two tokens.
    expect(result.coefficients).toEqual(near([[-0.25, -0.375]]));
    expect(result.value_coefficients).toEqual(near([[(0.1 * -0.5) / 2, (0.1 * -0.5) / 2]]));
    expect(result.loss).toBeCloseTo(-0.625 + 0.1 * 0.125, 12);
  });

  it('of PPO and VinePPO takes one advantage for every token, and the policy now for the one that sampled', async () => {
    const line = { logp: [-1, -2], advantage: 2 };
    const more = { values: [0, 0], returns: [1, 1] };
    const ppo = await lossOf({ name: 'ppo', vf_coef: 1 }, [{ ...line, ...more }]);
    expect(ppo.result.coefficients).toEqual(near([[-1, -1]]));
    expect(ppo.result.value_coefficients).toEqual(near([[-0.5, -0.5]]));
    const vine = await lossOf({ name: 'vineppo' }, [line]);
    expect(vine.result.coefficients).toEqual(near([[-1, -1]]));
  });

  it('of SFT is the mean negative log-likelihood, and of VinePPO the surrogate on given advantages', async () => {
    const lines = [
      { logp: [-1, -3], old: [-1, -3], advantages: [1, 0] },
      { logp: [-2], old: [-2], advantages: [-1] },
    ];
    const third = 1 / 3;
    const sft = await lossOf({ name: 'sft' }, lines);
    expect(sft.result.loss).toBeCloseTo(2, 12);
    expect(sft.result.coefficients).toEqual(near([[-third, -third], [-third]]));
    const vine = await lossOf({ name: 'vineppo' }, lines);
    expect(vine.result.coefficients).toEqual(near([[-third, 0], [third]]));
  });

  it('of DPO prefers the first completion of a pair, by beta times its lead over the reference', async () => {
    const lines = [
      { pair: 0, logp: [-1, -1], ref: [-1, -2] },
      { pair: 0, logp: [-3], ref: [-2] },
    ];
    const { result } = await lossOf({ name: 'dpo', beta: 0.5 }, lines);
    // Leads 1 and -1, so h = 1.
    const slope = -0.5 / (1 + Math.E);
    expect(result.loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
    expect(result.coefficients).toEqual(near([[slope, slope], [-slope]]));
    expect(result.metrics).toMatchObject({ 'rewards/margins': 1, 'logps/rejected': -3 });
    const alone = await lossOf({ name: 'dpo' }, lines.slice(0, 1));
    expect(alone.result.error).toMatchObject({ kind: 'BadFile', field: 'line 1: pair' });
  });

  it('of AIRL’s discriminator is cross-entropy where it is read, both classes weighing the same', async () => {
    const lines = [
      { expert: [1, 1], values: [0, Math.log(3)], logp: [0, 0] },
      { expert: [0, 0], values: [0, 5], read: [1, 0], logp: [0, 0] },
    ];
    const { result } = await lossOf({ name: 'airl', label_smoothing: 0 }, lines);
    expect(result.loss).toBeCloseTo((Math.LN2 + Math.log(4 / 3)) / 4 + Math.LN2 / 2, 12);
    expect(result.value_coefficients).toEqual(
      near([
        [-0.5 / 4, -0.25 / 4],
        [0.5 / 2, 0],
      ]),
    );
    expect(result.metrics['discriminator/accuracy']).toBe(0.75);
  });

  it('of AIRL’s pairs is the logistic loss of the lead at the last token', async () => {
    const method = { name: 'airl', reward_loss: 'pairwise', granularity: 'sparse' };
    const lines = [
      { pair: 0, expert: [1, 1], values: [7, 1], logp: [0, 0] },
      { pair: 0, expert: [0], values: [1], logp: [0] },
    ];
    const { result } = await lossOf(method, lines);
    expect(result.loss).toBeCloseTo(Math.LN2, 12);
    expect(result.value_coefficients).toEqual(near([[0, -0.5], [0.5]]));
    for (const odd of [lines.slice(0, 1), lines.toReversed()]) {
      const { error } = (await lossOf(method, odd)).result;
      expect(error).toMatchObject({ kind: 'BadFile', field: 'line 1: pair' });
    }
  });

  it('of AIRL’s policy is GRPO’s on advantages from rewards per token, in both forms', async () => {
    const lines = [
      { group: 0, logp: [-1, -1], rewards: [1, 1] },
      { group: 0, logp: [-1], rewards: [-1] },
    ];
    const a = 1 / (Math.SQRT2 + 1e-4);
    const mean = await lossOf({ name: 'airl' }, lines);
    expect(mean.result.coefficients).toEqual(near([[-a / 3, -a / 3], [a / 3]]));
    const method = { name: 'airl', advantage_form: 'token', gamma: 0.5 };
    const token = await lossOf(method, lines);
    expect(token.result.coefficients).toEqual(near([[(-1.5 * a) / 3, -a / 3], [a / 3]]));
    const plain = await lossOf({ name: 'airl' }, [{ logp: [-1], advantage: 1 }]);
    expect(plain.result.coefficients).toEqual([[-1]]);
  });

  it('of OPSD pays each token by how much likelier the teacher finds it', async () => {
    const method = { name: 'opsd', loss_type: 'dr_grpo', max_completion_length: 10 };
    const lines = [
      { logp: [-1, -2], old: [-1, -2], teacher: [-0.5, -4] },
      // Twice as likely as when it was written, and clipped at 1.2.
      { logp: [-1], old: [-1 - Math.LN2], teacher: [-1 - Math.LN2 + 0.25] },
    ];
    const { result } = await lossOf(method, lines);
    expect(result.coefficients).toEqual(near([[-0.5 / 20, 2 / 20], [0]]));
    expect(result.loss).toBeCloseTo((-0.5 + 2 - 1.2 * 0.25) / 20, 12);
    const ahead = await lossOf({ ...method, gamma: 0.5 }, lines);
    expect(ahead.result.coefficients).toEqual(near([[0.5 / 20, 2 / 20], [0]]));
    const { error } = (await lossOf(method, [{ logp: [-1] }, lines[0]])).result;
    expect(error).toMatchObject({ kind: 'BadFile', field: 'line 1: teacher' });
    const plain = await lossOf(method, [{ logp: [-1], advantage: 1 }]);
    expect(plain.result.coefficients).toEqual([[-0.1]]);
  });

  it.each([
    ['log-probs are missing', [{ group: 0, reward: 1 }], 'line 1: logp'],
    ['a list is too short', [{ logp: [-1, -1], old: [-1], reward: 1 }], 'line 1: old'],
    ['neither reward nor advantage is there', [{ logp: [-1] }], 'line 1: reward'],
    [
      'only some say advantages',
      [
        { logp: [-1], advantage: 1 },
        { logp: [-1], reward: 1 },
      ],
      'reward',
    ],
    [
      'groups differ in size',
      [0, 0, 1].map((group) => ({ group, logp: [-1], reward: 1 })),
      'group',
    ],
    ['a number is none', [{ logp: [-1, 'x'], reward: 1 }], 'line 1: logp'],
  ])('refuses by name where %s', async (_, lines, field) => {
    const { status, result } = await lossOf({}, lines);
    expect(status).toBe(2);
    expect(result.error).toMatchObject({ kind: 'BadFile', field: expect.stringContaining(field) });
  });

  it('refuses a reference that the method needs and the line lacks', async () => {
    const { status, result } = await lossOf({ beta: 0.1 }, [{ logp: [-1], reward: 1 }]);
    expect([status, result.error.field]).toEqual([2, 'line 1: ref']);
  });
});
