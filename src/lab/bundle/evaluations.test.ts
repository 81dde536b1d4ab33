import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../rl/evaluate/evaluate.ts';
import type { Evaluated } from '../run-store/run-record.ts';
import { evaluationLines, MOST_EVALUATIONS, readEvaluation } from './evaluations.ts';

const around = (mean: number) => ({ mean, low: mean - 0.1, high: mean + 0.1 });
const along = (values: readonly number[]) => ({ low: [...values], high: [...values] });

const evaluation: Evaluation = {
  ...{ prompts: 4, distinct: 4, clusters: 3, samples: 2, truncated: 0 },
  ...{ accuracy: 0, accuracy_interval: around(0), well_formed: 1 },
  ...{ maj_at_k: [0, 0], maj_at_k_interval: along([0, 0]) },
  ...{ pass_at_k: [0, 0], pass_at_k_interval: along([0, 0]) },
  ...{ mean_length: 9, mean_length_interval: around(9) },
  mean_length_right: Number.NaN,
  mean_length_right_interval: { mean: Number.NaN, low: Number.NaN, high: Number.NaN },
  dialects: { terse: { share: 1, share_interval: around(1), accuracy: null } },
  transfer: {
    ...{ answers: 1, continuations: 1, leakage: Array(10).fill(0), leakage_mean: 0 },
    receivers: [
      {
        ...{ receiver: 'receivers/chain-nano-b', success: [0.5], success_interval: along([0.5]) },
        ...{ transferability: 0.5, transferability_interval: around(0.5) },
        ...{ scratch: 0.25, scratch_interval: around(0.25) },
        ...{ gain: 0.25, gain_interval: around(0.25), no_room: 0 },
      },
    ],
  },
};
const evaluated: Evaluated = {
  order: {
    ...{ split: 'ood', policy: 'now', prompts: 4, samples: 2, transfer_answers: 1 },
    ...{ receivers: 'receivers/chain-nano-b', receiver_backend: 'kernels' },
  },
  step: 3,
  evaluation,
};

const read = (line: unknown) => readEvaluation(JSON.parse(JSON.stringify(line)));
const changed = (change: object): unknown => ({
  ...evaluated,
  evaluation: { ...evaluation, ...change },
});

describe('an evaluation as a line', () => {
  it('is read back as it was, with NaN where nothing could be measured', () => {
    const lines = evaluationLines([evaluated, { ...evaluated, step: 4 }]);
    const back = lines
      .trim()
      .split('\n')
      .map((line) => readEvaluation(JSON.parse(line)));
    expect(back).toEqual([evaluated, { ...evaluated, step: 4 }]);
    expect(back[0]?.evaluation.mean_length_right).toBeNaN();
  });

  it('may have been judged by nobody', () => {
    const none = Object.fromEntries(
      ['accuracy', 'well_formed', 'maj_at_k', 'pass_at_k', 'mean_length_right'].flatMap((name) => [
        [name, null],
        ...(name === 'well_formed' ? [] : [[`${name}_interval`, null]]),
      ]),
    );
    expect(read(changed(none))?.evaluation.accuracy).toBeNull();
    expect(read(changed({ ...none, accuracy: 1 }))).toBeNull();
  });

  it('keeps nothing that it does not know', () => {
    expect(read(changed({ more: { than: 'known' } }))).toEqual(evaluated);
  });

  it.each([
    ['no object', null],
    ['a step that is none', { ...evaluated, step: 1.5 }],
    ['another policy', { ...evaluated, order: { ...evaluated.order, policy: 'other' } }],
    ['a curve longer than its band', changed({ maj_at_k: [0, 0, 0] })],
    ['a band longer than its curve', changed({ pass_at_k_interval: along([0, 0, 0]) })],
    ['a number in words', changed({ mean_length: 'nine' })],
    [
      'an endless curve',
      changed({ leakage: [], transfer: { ...evaluation.transfer, leakage: Array(11).fill(0) } }),
    ],
    [
      'a hundred dialects',
      changed({
        dialects: Object.fromEntries(
          Array.from({ length: 100 }, (_, i) => [`d${i}`, evaluation.dialects?.terse]),
        ),
      }),
    ],
    [
      'a receiver with a name without end',
      changed({
        transfer: {
          ...evaluation.transfer,
          receivers: [{ ...evaluation.transfer?.receivers[0], receiver: 'x'.repeat(2000) }],
        },
      }),
    ],
  ])('is none with %s', (_, line) => {
    expect(read(line)).toBeNull();
  });

  it('goes along with so many at most, the newest', () => {
    const many = Array.from({ length: MOST_EVALUATIONS + 5 }, (_, step) => ({
      ...evaluated,
      step,
    }));
    const lines = evaluationLines(many).trim().split('\n');
    expect(lines).toHaveLength(MOST_EVALUATIONS);
    expect(readEvaluation(JSON.parse(lines[0]))?.step).toBe(5);
  });
});
