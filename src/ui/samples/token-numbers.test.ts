/** From a reward term to the page: what a term says of single tokens is seen, whatever it is. */
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { CompletionRecord } from '../../rl/records.ts';
import { scoreBatch, type WeightedTerm } from '../../rl/rewards/combine.ts';
import { completion, task } from '../../rl/rewards/testing.ts';
import { sampleGroups } from '../../rl/samples.ts';
import { modesFor } from './token-colour.ts';
import { TokenLegend } from './token-legend.tsx';
import { TokenStrip } from './token-strip.tsx';
import { TokenTable } from './token-table.tsx';

const batch = [completion('12'), completion('7')];
/** A term that nobody has heard of, and that could not score the second completion's tokens. */
const madeUp: WeightedTerm = {
  name: 'judge',
  weight: 1,
  term: {
    score: async () => ({
      values: [1, 0],
      used: [{}, {}],
      tokens: { doubt: [[0.7, -1.23456, 0], null] },
      tokenValues: [
        [1, 2, 3],
        [0, 0],
      ],
    }),
  },
};

async function records(terms: readonly WeightedTerm[]): Promise<readonly CompletionRecord[]> {
  const rewards = await scoreBatch(terms, batch, { task, step: 0, seed: 0 });
  const tokenizer = { tokenText: (id: number) => String.fromCharCode(id) };
  const [group] = sampleGroups(1, 1, tokenizer, {
    ...{ completions: batch, rewards, advantages: [1, -1] },
    verdicts: batch.map((c) => task.verify(c.question, c.text)),
    manners: batch.map(() => null),
    perToken: { ref_logprob: batch.map((c) => c.logprobs), value: [[], [0.5, 1]] },
  });
  return group.completions;
}

const html = <P extends object>(component: FunctionComponent<P>, props: P) =>
  renderToStaticMarkup(createElement(component, props));

describe('a token number of a term that the page does not know', () => {
  it('stands in the record under the term’s name, to four decimals, only where there is one', async () => {
    const [first, second] = await records([madeUp]);
    expect(first.tokens).toEqual({
      logprob: [-0.2, -0.2, -0.2],
      ref_logprob: [-0.2, -0.2, -0.2],
      judge: [1, 2, 3],
      'judge/doubt': [0.7, -1.2346, 0],
    });
    expect(Object.keys(second.tokens)).toEqual(['logprob', 'ref_logprob', 'value', 'judge']);
  });

  it('is offered as a colour, colours the tokens and stands in the table', async () => {
    const answers = await records([madeUp]);
    const modes = modesFor(answers);
    const doubt = modes.find(({ id }) => id === 'judge/doubt') ?? modes[0];
    const legend = html(TokenLegend, {
      ...{ modes, shown: doubt, cuts: false, chatter: false },
      dropped: { steps: 0, groups: 0 },
    });
    expect(legend).toContain('<option value="judge/doubt" selected="">judge/doubt</option>');
    const strip = html(TokenStrip.type, { completion: answers[0], index: 0, mode: doubt });
    expect(strip).toContain('<span class="tok p2" data-token="0">1</span>');
    expect(strip).toContain('<span class="tok n3" data-token="1">2</span>');
    const other = html(TokenStrip.type, { completion: answers[1], index: 1, mode: doubt });
    expect(other).toContain('<span class="tok " data-token="0">7</span>');
    const table = html(TokenTable, { completion: answers[0], index: 0 });
    expect(table).toMatch(/<th[^>]*>judge\/doubt<\/th>/);
    expect(table).toContain('<td class="n">−1.23</td>');
  });
});

describe('token numbers of a term', () => {
  it.each([
    ['too few rows', { doubt: [[1, 2, 3]] }],
    ['a row of another length', { doubt: [[1, 2], null] }],
    ['what is not finite', { doubt: [[1, 2, Number.NaN], null] }],
  ])('are refused with %s', async (_, tokens) => {
    const term = { score: async () => ({ values: [1, 0], used: [{}, {}], tokens }) };
    await expect(records([{ name: 'judge', weight: 0, term }])).rejects.toThrow(/term judge/);
  });
});
