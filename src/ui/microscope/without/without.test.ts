/** The microscope "Without the question": kinds of answers, their scores, and edits that end what is under way. */
import { describe, expect, it, vi } from 'vitest';
import type { BatonError } from '../../../errors.ts';
import { answerKinds } from '../../../rl/tasks/answer-kinds.ts';
import { praise } from '../../../rl/tasks/testing.ts';
import { type FakeModelOptions, fakeModel } from '../../testing/fake-model.ts';
import type { OpenModel } from '../model-session.ts';
import { policiesOf } from '../models.ts';
import { openTask } from '../scope-tasks.ts';
import { Subject } from '../subject.ts';
import { barOf, barScale } from './bars.ts';
import { bestIn } from './best.ts';
import { AnswerScorer } from './score-answers.ts';
import { WithoutMicroscope } from './without.ts';

const countdown = openTask('countdown');
const question = countdown.question('test', 0, 1);
const model = (more: Partial<FakeModelOptions> = {}) =>
  fakeModel('fake', { task: countdown, skill: 0.5, ...more });
const never = new AbortController().signal;

describe('kinds of answers', () => {
  it.each(['countdown', 'chain', 'word', 'hops'] as const)(
    'are what they are called, in %s',
    (id) => {
      const task = openTask(id);
      for (let i = 0; i < 12; i++) {
        const asked = task.question('test', i, 3);
        const kinds = answerKinds(task, asked);
        const right = (kind: string) => {
          const text = kinds.find((k) => k.id === kind)?.text;
          return text == null ? null : task.verify?.(asked, text).correct;
        };
        expect(right('concise')).toBe(true);
        expect(right('redundant')).toBe(true);
        expect(right('wrong')).toBe(false);
        expect(right('copied')).toBe(false);
        expect(right('partly')).not.toBe(true);
        expect(right('bare')).not.toBe(false);
        const texts = kinds.flatMap(({ text }) => text ?? []);
        expect(new Set(texts).size).toBe(texts.length);
        expect(kinds.every(({ note }) => note !== '')).toBe(true);
      }
    },
  );
});

describe('scores of answers', () => {
  it('are those of training: R_SA is 1 − exp(−mean v), and a length is compared with the group', async () => {
    const scorer = new AnswerScorer(model());
    const texts = answerKinds(countdown, question).flatMap(({ text }) => text ?? []);
    const scores = await scorer.score(countdown, question, texts, never);
    for (const { sar, tokens, rewards, ...score } of scores) {
      const v = score.v ?? [];
      expect(v).toHaveLength(tokens.length);
      const mean = v.reduce((sum, value) => sum + value, 0) / v.length;
      expect(sar?.r).toBeCloseTo(Math.max(-1, 1 - Math.exp(-mean)), 6);
      expect(rewards.sar).toBe(sar?.r);
      expect(sar?.r).toBeCloseTo(1 - (sar?.given ?? 0) / (sar?.alone ?? 1), 6);
    }
    const lengths = scores.map(({ tokens }) => tokens.length);
    const longest = scores[lengths.indexOf(Math.max(...lengths))];
    expect(longest.rewards.length_o1).toBe(
      Math.min(...scores.map((s) => s.rewards.length_o1 ?? 9)),
    );
    const [alone] = await scorer.score(countdown, question, [texts[0]], never);
    expect([alone.rewards.length_o1, alone.rewards.length_er]).toEqual([0, 0]);
  });

  it('leave out what must know right from wrong where the task has no verifier', async () => {
    const task = praise.create({});
    const scorer = new AnswerScorer(model());
    const [score] = await scorer.score(task, task.question('test', 0, 0), ['12'], never);
    expect(score.verdict).toBeNull();
    expect(Object.keys(score.rewards)).toEqual(['sar', 'length_o1', 'confidence']);
    expect(score.v).toHaveLength(score.tokens.length);
  });

  it('ask the model only for what has not been asked before', async () => {
    const asked: number[] = [];
    const fake = model();
    const logprobs = vi.spyOn(fake, 'logprobs').mockImplementation(async ({ completions }) => {
      asked.push(completions.length);
      return completions.map((ids) => ids.map(() => -0.5));
    });
    const scorer = new AnswerScorer(fake);
    await scorer.score(countdown, question, ['8-2=6', '1+1=2'], never);
    await scorer.score(countdown, question, ['8-2=6', '1+1=2', '8-2=', '8-2='], never);
    // Once with the question and once without, each time.
    expect(asked).toEqual([2, 2, 1, 1]);
    expect(logprobs).toHaveBeenCalledTimes(4);
  });

  it('refuse an answer that the policy cannot read to its end', () => {
    const scorer = new AnswerScorer({ ...model(), positions: 19 });
    expect(() => scorer.check(question, '8-2=6,6/6=1')).toThrow(
      expect.objectContaining({ kind: 'BadConfig', field: 'text' }) as BatonError,
    );
  });

  it('say what each reward likes best, and nothing where it likes all equally', async () => {
    const scorer = new AnswerScorer(model());
    const scores = await scorer.score(countdown, question, ['8-2=6,6/6=1', '8-2=6'], never);
    const rows = scores.map((score, i) => ({
      ...{ id: `${i}`, label: '', note: '', text: score.text, score },
    }));
    expect(bestIn(rows)).toMatchObject({ answer: 1, format: null, length_er: null });
    expect(bestIn([])).toMatchObject({ answer: null });
  });
});

describe('the microscope', () => {
  const opened = (open: OpenModel, settleMs = 0) => {
    const subject = new Subject(open);
    const scope = new WithoutMicroscope(subject, { settleMs });
    scope.setAwake(true);
    const close = () => {
      scope.setAwake(false);
      subject.session.close();
    };
    return { subject, scope, close };
  };
  const until = (scope: WithoutMicroscope, done: () => boolean) =>
    vi.waitFor(() => {
      if (!done()) throw new Error(scope.data.status);
    });

  it('scores the last of many edits, and the kinds once', async () => {
    const { subject, scope, close } = opened(async () => model({ delayMs: 3 }), 1);
    subject.ask(question);
    for (const text of ['8', '8-', '8-2', '8-2=6', '8-2=6,6/6=1']) {
      subject.write(text);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await until(scope, () => scope.data.status === 'ready');
    const { score, kinds } = scope.data;
    expect(score?.text).toBe('8-2=6,6/6=1');
    expect(score?.verdict?.correct).toBe(true);
    expect(kinds.every(({ kind, score }) => (kind.text === null) === (score === null))).toBe(true);
    close();
  });

  it('begins with the concise right answer where there is none', async () => {
    const { subject, close } = opened(async () => model());
    subject.ask(question);
    expect(countdown.verify?.(question, subject.data.answer?.text ?? '').correct).toBe(true);
    close();
  });

  it('says what is wrong with a text, and recovers with the next edit', async () => {
    const { subject, scope, close } = opened(async () => ({ ...model(), positions: 60 }));
    subject.ask(question);
    subject.write('9'.repeat(100));
    await until(scope, () => scope.data.textProblem !== null);
    expect(scope.data.textProblem?.message).toMatch(/101 tokens/);
    subject.write('8-2=6');
    await until(scope, () => scope.data.score?.text === '8-2=6');
    expect(scope.data.textProblem).toBeNull();
    close();
  });

  it('lets the policy answer, tells of a model that fails, and tries again when asked', async () => {
    let broken = true;
    const models: { closed: boolean }[] = [];
    const { subject, scope, close } = opened(async () => {
      const fake = model(broken ? { failure: new Error('gone') } : {});
      models.push(fake);
      return fake;
    });
    subject.ask(question);
    await until(scope, () => scope.data.status === 'failed');
    broken = false;
    scope.retry();
    await until(scope, () => scope.data.status === 'ready');
    await scope.answer();
    await until(scope, () => scope.data.status === 'ready');
    expect(subject.data).toMatchObject({ next: 1, answer: { number: 0 } });
    expect(scope.data.score?.text).toBe(subject.data.answer?.text);
    close();
    await vi.waitFor(() => expect(models.map(({ closed }) => closed)).toEqual([true, true]));
  });

  it('reads the same answer by another policy', async () => {
    const { subject, scope, close } = opened(async () => model());
    subject.ask(question);
    await until(scope, () => scope.data.status === 'ready');
    await scope.answer();
    const text = subject.data.answer?.text;
    const [, other] = policiesOf('countdown');
    subject.readBy(other);
    await until(scope, () => scope.data.status === 'ready');
    expect(scope.data.score?.text).toBe(text);
    expect(scope.data.kinds.some(({ score }) => score !== null)).toBe(true);
    close();
  });
});

describe('bars', () => {
  it('stand on 0, up for what the question makes likelier and down for what it does not', () => {
    const scale = barScale([0.5, -3, 6]);
    expect(scale.low).toBeLessThanOrEqual(-3);
    expect(scale.high).toBeGreaterThanOrEqual(6);
    const [up, down] = [barOf(3, scale), barOf(-3, scale)];
    expect(up.top + up.height).toBeCloseTo(down.top, 12);
    expect(up.height).toBeCloseTo(down.height, 12);
  });
});
