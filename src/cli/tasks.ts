/** Tasks and their questions from the command line. */
import { BatonError, badConfig } from '../errors.ts';
import type { LoadedModel } from '../model/load.ts';
import { REWARDS_OF_ANY_TASK } from '../rl/experiment/schema.ts';
import { createTask } from '../rl/tasks/index.ts';
import type { Question, Split, Task } from '../rl/tasks/task.ts';
import { checkExperiment } from './experiments.ts';
import type { InputLine } from './lines.ts';
import { badOption } from './options.ts';
import { encodeText } from './sequences.ts';

/**
 * The task that `--task` names: an id such as `chain`, or its settings as JSON such as `{"id":"countdown","form":"classic"}`.
 * @throws BatonError BadConfig
 */
export function taskOf(text: string): Task {
  let json: unknown = { id: text };
  if (text.startsWith('{')) {
    try {
      json = JSON.parse(text);
    } catch {
      throw badOption('task', 'is not valid JSON');
    }
  }
  try {
    return createTask(checkExperiment({ task: json, rewards: REWARDS_OF_ANY_TASK }).task);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    throw badOption('task', `is refused: ${error.message}`);
  }
}

/** The question of a line, from what the model read: its `prompt` or, without one, its `question`. @throws BatonError BadFile */
export function questionOf(
  line: InputLine,
  task: Task,
): { key: string; prompt: string; question: Question } {
  const key = line.get('prompt') === undefined ? 'question' : 'prompt';
  const prompt = line.text(key);
  if (prompt === undefined) throw line.fail('question', 'is missing');
  try {
    return { key, prompt, question: task.readQuestion(prompt) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw line.fail(key, `cannot be read: ${why}`);
  }
}

export interface AskedQuestion {
  readonly question: Question;
  readonly promptIds: readonly number[];
}

/** The first questions of a split, as the model reads them. @throws BatonError BadConfig without a tokenizer */
export function questionsOf(
  task: Task,
  split: Split,
  count: number,
  seed: number,
  model: LoadedModel,
): AskedQuestion[] {
  if (!model.tokenizer) {
    throw badConfig(
      '--model',
      'This model has no tokenizer.json, so it cannot read questions',
      'Put a tokenizer.json beside its weights.',
    );
  }
  return Array.from({ length: count }, (_, i) => {
    const question = task.question(split, i, seed);
    return { question, promptIds: encodeText(model, 'prompt', question.prompt) };
  });
}
