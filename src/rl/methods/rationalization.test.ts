/** Rationalization on a script: who is asked what, and what is learned from it. No model. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { createTask } from '../tasks/index.ts';
import type { WriteRequest } from './method.ts';
import { APART, completionOf, LOGP, playStep, tokenizer } from './testing.ts';

const task = createTask(APART);
const textOf = (ids: readonly number[]) => tokenizer.decode([...ids]);

/** A step in which the annotator writes these texts. The last one meets its budget. */
async function play(texts: readonly string[], method: object = {}) {
  const asked: WriteRequest[] = [];
  const own = { name: 'rationalization', prompts_per_step: texts.length, ...method };
  const played = await playStep(
    { task: APART, method: own },
    {
      write: async (request) => {
        asked.push(request);
        return request.asked.map(({ question, prompt }, group) =>
          completionOf(question, texts[group], {
            ...{ group, prompt, role: 'annotator' },
            truncated: group > 0 && group === texts.length - 1,
          }),
        );
      },
    },
  );
  return { ...played, asked };
}

describe('one step', () => {
  const first = task.question('train', 0, 1);
  const answer = task.expertAnswer(first);
  const texts = [`1+1=2${answer}`, 'reasoning;99', 'no answer', 'cut off;1'];

  it('shows the starting policy each question with the expert’s answer', async () => {
    const { asked } = await play(texts);
    expect(asked).toMatchObject([{ role: 'annotator', learner: 'start', copies: 1 }]);
    expect(asked[0].asked[0].prompt).toBe(`${first.prompt.slice(0, -1)}^${answer}:`);
    expect(asked[0].asked).toHaveLength(4);
  });

  it('learns the reasoning and the expert’s answer from the question alone', async () => {
    const { lessons, report } = await play(texts);
    const [{ examples, loss }] = lessons;
    const second = task.question('train', 1, 1);
    expect(examples.map(({ prompt, completion }) => [textOf(prompt), textOf(completion)])).toEqual([
      [first.prompt, `1+1=2${answer}`],
      [second.prompt, `reasoning${task.expertAnswer(second)}`],
    ]);
    expect(loss).toBeCloseTo(-LOGP, 12);
    expect(report.metrics).toMatchObject({
      ...{ loss: -LOGP, 'rationales/kept': 0.5, 'rationales/agree': 0.5, grad_norm: 1 },
    });
    expect(report.samples[0].completions[0]).toMatchObject({ role: 'annotator' });
  });

  it('learns nothing where nothing can be read, and goes on', async () => {
    const { lessons, report } = await play(['no answer']);
    expect(lessons).toEqual([]);
    expect(report.metrics).toMatchObject({ 'rationales/kept': 0, 'rationales/agree': null });
  });

  it('leaves out answers that are too long to be shown', async () => {
    const { asked } = await play(['a;1'], { max_answer_length: 1 });
    expect(asked[0].asked).toEqual([]);
  });
});

it('a task that does not tell an answer from what leads to it is refused by name', () => {
  const parsed = parseExperiment({ task: { id: 'word' }, method: { name: 'rationalization' } });
  expect(parsed).toMatchObject({ ok: false, problems: [{ field: 'method.name' }] });
});
