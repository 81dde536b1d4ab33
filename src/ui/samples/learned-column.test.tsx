// @vitest-environment happy-dom
/** The samples of a learned reward, in the page: where it points, and how a person reads it again. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { verifiedTask } from '../../rl/tasks/testing.ts';
import { madeRecord } from '../testing/made-record.ts';
import type { LearnedReader } from './learned-reading.ts';
import { SampleColumn } from './sample-column.tsx';
import { SampleStore } from './sample-store.ts';
import { useSampleView } from './sample-view.ts';

const task = verifiedTask({
  ...{ id: 'chain', min_terms: 3, max_terms: 4, largest_term: 9, answer_apart: false },
});
const reader: LearnedReader = { task, clip: 3, own: { granularity: 'dense', interval: 4 } };
/** The first step is wrong, and its result has the lowest logit; the last token of the step has a high one. */
const PIECES = ['3+8', '=', '12', ',', '12+5', '=', '17', '<end>'];
const LOGITS = [1, 1, -2, 0.5, 0.2, 1, 1, 1];

function shown(logits: readonly number[] | null) {
  const completion = madeRecord({
    ...{ text: PIECES.slice(0, -1).join(''), pieces: PIECES, truncated: false },
    tokens: {
      logprob: PIECES.map(() => -0.1),
      ...(logits && { learned_logit: [...logits], learned_reward: [...logits] }),
    },
  });
  const samples = new SampleStore();
  samples.push([{ step: 1, question: 'Add', prompt: '3+8+5:', completions: [completion] }]);
  const { container } = render(
    <SampleColumn samples={samples} terms={[]} groupSize={1} reader={reader} />,
  );
  return (selector: string) =>
    [...container.querySelectorAll(`.samplelist ${selector}`)].map(
      ({ textContent }) => textContent,
    );
}

afterEach(() => {
  cleanup();
  useSampleView.getState().setReading(null);
});

test('the lowest token is boxed, the first step at fault waved, and the reward colours the tokens', () => {
  const texts = shown(LOGITS);
  expect(texts('.tok.lowest')).toEqual(['12']);
  expect(texts('.tok.flaw')).toEqual(['3+8', '=', '12', ',']);
  expect(texts('.tok.n3')).toEqual(['12']);
  expect(texts('.sarline')[0]).toContain('lowest −2.00 at “12” (a hit)');
});

test('read at the ends of steps the same logits point elsewhere, and the run’s own reading comes back', () => {
  const texts = shown(LOGITS);
  const slider = screen.getByRole('slider', { name: 'Reward read' });
  fireEvent.change(slider, { target: { value: '1' } });
  expect(texts('.tok.lowest')).toEqual(['3+8', '=', '12', ',']);
  expect(texts('.tok.n3')).toEqual([]);
  fireEvent.change(slider, { target: { value: '0' } });
  expect(texts('.tok.lowest')).toEqual([]);
  expect(texts('.sarline')[0]).toContain('nothing to pick');
  fireEvent.click(screen.getByRole('button', { name: 'As in the run' }));
  expect(texts('.tok.lowest')).toEqual(['12']);
});

test('the end token is marked like any other', () => {
  const texts = shown(LOGITS.map((_, i) => (i === LOGITS.length - 1 ? -1 : 1)));
  expect(texts('.tok.lowest')).toEqual(['end']);
  expect(texts('.fallmark + .tok')).toEqual(['end']);
  expect(texts('.sarline')[0]).toContain('lowest −1.00 at “end” (a miss)');
});

test('answers without logits have neither marks nor a slider', () => {
  const texts = shown(null);
  expect(texts('.tok.flaw')).toEqual([]);
  expect(screen.queryByRole('slider', { name: 'Reward read' })).toBeNull();
});
