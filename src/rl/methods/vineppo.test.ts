import { expect, it } from 'vitest';
import { stepAdvantages } from './vineppo.ts';

const states = [
  { at: 0, value: 0.25 },
  { at: 3, value: 0.75 },
  { at: 5, value: 0.5 },
];

it('the tokens of a step get the change in value that it makes, those of the last step the reward less the value before it', () => {
  expect([...stepAdvantages(states, 1, 7)]).toEqual([0.5, 0.5, 0.5, -0.25, -0.25, 0.5, 0.5]);
});

it('advantages, one per step, add up to the reward less the value of the question', () => {
  const advantages = stepAdvantages(states, 0, 7);
  const sum = states.reduce((total, { at }) => total + advantages[at], 0);
  expect(sum).toBeCloseTo(0 - 0.25, 14);
});

it('an answer of one step is compared with the question’s value alone', () => {
  expect([...stepAdvantages([{ at: 0, value: 0.25 }], 1, 2)]).toEqual([0.75, 0.75]);
});

it('an answer that could not be scored teaches nothing', () => {
  expect([...stepAdvantages(states, null, 7)]).toEqual([0, 0, 0, 0, 0, 0, 0]);
});
