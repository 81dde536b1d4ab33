import { expect, test } from 'vitest';
import { readAddress, writeAddress } from './address.ts';
import { policiesOf } from './models.ts';
import { defaultTask } from './transfer.ts';
import { freshData, freshLane, withQuestion } from './transfer-data.ts';

test('a link gives back the question, who answered, which answers and where they were cut', () => {
  const question = defaultTask('countdown').readQuestion('3 5 7=26:');
  const [a, b] = policiesOf('countdown');
  const data = withQuestion(freshData('countdown'), question);
  const lanes = [
    { ...freshLane(a), number: 2, cut: 7 },
    { ...freshLane(b), number: 0, cut: 3 },
  ];
  const query = writeAddress({ ...data, lanes });
  expect(readAddress(query)).toMatchObject({
    task: 'countdown',
    question: '3 5 7=26:',
    policies: [a.ref.key, b.ref.key],
    answers: [2, 0],
  });
});

test('an address without a question, or with another task, opens nothing', () => {
  expect(readAddress('?page=microscope')).toBeUndefined();
  expect(readAddress('?question=3+5+7%3D26%3A&task=toString')).toBeUndefined();
});

test('what cannot be read in an address is left out', () => {
  const address = readAddress(
    `?task=chain&question=${'1'.repeat(2000)}&policy=policies/countdown-nano+../x&answer=-1+x&cut=1e9`,
  );
  expect(address).toMatchObject({ task: 'chain', policies: [], answers: [0, 0], cuts: [0] });
  expect(address?.question.length).toBeLessThan(1000);
});
