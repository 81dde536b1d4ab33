import { describe, expect, test } from 'vitest';
import { readSubject, restoreSubject, writeSubject } from './address.ts';
import { policiesOf } from './models.ts';
import { writtenAnswer } from './policy-answer.ts';
import { Subject } from './subject.ts';
import { readLanes, writeLanes } from './transfer/address.ts';
import { freshLane } from './transfer/transfer-data.ts';

const never = async () => {
  throw new Error('nothing is opened here');
};
const question = new Subject(never).taskOf('countdown').readQuestion('3 5 7=26:');

describe('the subject in the address', () => {
  test('is the same from its link, whether its answer was sampled or written', () => {
    const sampled = { number: 4, text: '3*7=21,21+5=26', ids: [1, 2], truncated: false };
    for (const answer of [sampled, writtenAnswer('3*7=21, 21+5=26')]) {
      const subject = new Subject(never);
      subject.ask(question);
      subject.readBy(policiesOf('countdown')[1]);
      subject.keep(answer);
      const query = new URLSearchParams();
      writeSubject(query, subject.data);
      const other = new Subject(never);
      const address = readSubject(query);
      if (!address) throw new Error('the address asks nothing');
      restoreSubject(other, address);
      expect(other.data.question?.prompt).toBe(question.prompt);
      expect(other.data.policy.ref.key).toBe(policiesOf('countdown')[1].ref.key);
      // A sampled answer is sampled again, by its number; a written one is there at once.
      if (answer.number === null) expect(other.data.answer).toEqual(answer);
      else expect(other.data).toMatchObject({ answer: null, next: answer.number });
    }
  });

  test('has the answer of a policy of the lab as text: there is no link to its weights', () => {
    const subject = new Subject(never);
    subject.ask(question);
    const weights = new ArrayBuffer(0);
    const ref = { kind: 'lab', key: 'lab/1', folder: 'policies/countdown-nano', weights } as const;
    subject.answerBy({ ref, name: 'run', note: '' });
    subject.keep({ number: 2, text: '3+5=8', ids: [3], truncated: false });
    const query = new URLSearchParams();
    writeSubject(query, subject.data);
    expect(query.has('policy')).toBe(false);
    expect(query.get('text')).toBe('3+5=8');
  });

  test('a policy stays that of its link where nothing is asked yet, and stands for its task', () => {
    const [, second] = policiesOf('chain-carry');
    const opened = (said: string) => {
      const subject = new Subject(never);
      const address = readSubject(new URLSearchParams(said));
      if (!address) throw new Error('the address says nothing');
      restoreSubject(subject, address);
      return subject.data;
    };
    const data = opened(`policy=${second.ref.key}`);
    expect(data).toMatchObject({ task: 'chain-carry', question: null, policy: second });
    const query = new URLSearchParams();
    writeSubject(query, data);
    expect(opened(String(query))).toEqual(data);
    expect(opened('task=chain').task).toBe('chain');
    // One of another task is left out.
    expect(opened(`task=chain&policy=${second.ref.key}`).policy).toEqual(policiesOf('chain')[0]);
    // What every visit begins with is not written.
    const plain = new URLSearchParams();
    writeSubject(plain, new Subject(never).data);
    expect(String(plain)).toBe('');
  });

  test('a reward model stands for its task, unless a policy or the address names another', () => {
    const task = (said: string) => readSubject(new URLSearchParams(said))?.task;
    const reward = 'reward=reward-models/hops-backwards';
    expect(task(reward)).toBe('hops-backwards');
    expect(task(`${reward}&task=chain`)).toBe('chain');
    expect(task(`${reward}&policy=${policiesOf('chain-carry')[0].ref.key}`)).toBe('chain-carry');
    expect(task('reward=reward-models/unknown')).toBeUndefined();
  });

  test('an address without a question, or with another task, opens nothing', () => {
    expect(readSubject(new URLSearchParams('page=microscope'))).toBeUndefined();
    for (const task of ['toString', 'constructor']) {
      const query = new URLSearchParams(`question=3+5+7%3D26%3A&task=${task}`);
      expect(readSubject(query)).toBeUndefined();
    }
  });

  test('what cannot be read in an address is left out', () => {
    const query = new URLSearchParams(
      `task=chain&question=${'1'.repeat(2000)}&policy=policies/countdown-nano+../x&answer=-1+x&cut=1e9`,
    );
    const address = readSubject(query);
    expect(address).toMatchObject({ task: 'chain', policies: [], answers: [0, 0] });
    expect(address?.question?.length).toBeLessThan(1000);
    expect(readLanes(query)).toEqual({ cuts: [0], second: undefined });
  });
});

test('a link of the transfer microscope gives back who answered, which answers and where they were cut', () => {
  const [a, b] = policiesOf('countdown');
  const answer = {} as never;
  const lanes = [
    { ...freshLane(a), number: 2, cut: 7, answer },
    { ...freshLane(b), number: 5, cut: 3, answer },
  ];
  const subject = new Subject(never);
  subject.ask(question);
  const query = new URLSearchParams();
  writeSubject(query, subject.data);
  writeLanes(query, { lanes });
  expect(readSubject(query)).toMatchObject({
    task: 'countdown',
    question: '3 5 7=26:',
    policies: [a.ref.key, b.ref.key],
    answers: [2, 5],
  });
  expect(readLanes(query)).toEqual({ cuts: [7, 3], second: { policy: b, number: 5 } });
});
