/** `lab judge` against numbers worked out by hand, and its refusals. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labHere, scratchFolder } from '../testing/lab.ts';

const folder = scratchFolder();
const pair = { question: '3+8+5:', answer_1: '16', answer_2: '14', expert: 1 };

async function judged(lines: readonly object[], more: readonly string[] = []) {
  writeFileSync(join(folder, 'l.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  return labHere(['judge', '--input', 'l.jsonl', ...more], folder);
}

describe('lab judge', () => {
  it('pays recorded verdicts by the paper’s numbers, whichever answer is the expert’s', async () => {
    const verdicts = ['1', 'tie', '2', '1'];
    const { status, result } = await judged([
      { ...pair, verdicts },
      { ...pair, expert: 2, verdicts },
    ]);
    expect(status).toBe(0);
    const probabilities = { '1': 0.5, '2': 0.25, tie: 0.25 };
    const both = { verdicts, probabilities, identical: false };
    expect(result).toEqual({
      ...{ tau_crit: 0.55, tau_pol: 0.6 },
      results: [
        { ...both, r_critic: [1, 0.55, 0, 1], r_policy: expect.closeTo((0 + 0.6 + 1 + 0) / 4, 14) },
        { ...both, r_critic: [0, 0.55, 1, 0], r_policy: expect.closeTo((1 + 0.6 + 0 + 1) / 4, 14) },
      ],
    });
  });

  it('leaves out what cannot be read, and gives null where nothing is left', async () => {
    const { result } = await judged([
      { ...pair, verdicts: ['first', '', 'tie ', null, '3', '2', '>x', '>x, no, 1'] },
      { ...pair, verdicts: ['?'] },
      { ...pair, verdicts: [] },
    ]);
    expect(result.results).toMatchObject([
      {
        verdicts: [null, null, null, null, null, '2', '1', null],
        probabilities: { '1': 0.5, '2': 0.5, tie: 0 },
        r_critic: [0, 0, 0, 0, 0, 0, 1, 0],
        r_policy: 0.5,
      },
      { verdicts: [null], probabilities: null, r_critic: [0], r_policy: null },
      { verdicts: [], probabilities: null, r_critic: [], r_policy: null },
    ]);
  });

  it('reads whole texts of a critic, and knows equal answers in any setting', async () => {
    const verdicts = ['3+8=11,11+5=16;16?16y?16y>t'];
    const { result } = await judged([{ ...pair, answer_2: ' (16)', verdicts }]);
    expect(result.results).toMatchObject([
      { verdicts: ['tie'], r_critic: [0.55], identical: true },
    ]);
  });

  it('writes the same results line by line', async () => {
    const { result } = await judged([{ ...pair, verdicts: ['1'] }], ['--out', 'out.jsonl']);
    const lines = readFileSync(join(folder, 'out.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(result.results);
  });

  it.each([
    [{ ...pair, verdicts: 'tie' }, 'line 1: verdicts'],
    [{ ...pair, verdicts: ['1', 2] }, 'line 1: verdicts'],
    [{ ...pair, expert: '1', verdicts: [] }, 'line 1: expert'],
    [{ ...pair, expert: 3, verdicts: [] }, 'line 1: expert'],
    [{ question: '3+8:', answer_1: '11', answer_2: '12', verdicts: [] }, 'line 1: expert'],
    [{ question: '3+8:', answer_1: '11', expert: 1, verdicts: [] }, 'line 1: answer_2'],
    [{ ...pair, answer_1: 16, verdicts: [] }, 'line 1: answer_1'],
    [{ ...pair, question: undefined, verdicts: [] }, 'line 1: question'],
    [pair, '--model'],
  ])('refuses %j and names %s', async (line, field) => {
    const { status, result } = await judged([line]);
    expect([status, result.error.field]).toEqual([2, field]);
  });

  it('refuses an experiment whose method has no such critic', async () => {
    writeFileSync(join(folder, 'e.json'), '{"method": {"name": "ppo"}}');
    const { status, result } = await judged(
      [{ ...pair, verdicts: ['1'] }],
      ['--experiment', 'e.json'],
    );
    expect([status, result.error.field]).toEqual([2, 'method.name']);
  });
});
