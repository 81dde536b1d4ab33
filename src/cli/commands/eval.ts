/** `eval`: accuracy, maj@k and pass@k of a model on a task's questions. */
import { evaluate } from '../../rl/evaluate/evaluate.ts';
import { SPLITS } from '../../rl/tasks/task.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { loadModel } from '../models.ts';
import { choice, number, required } from '../options.ts';
import { budgetFor, SAMPLING_OPTIONS, samplingOf, withGenerator } from '../sampling.ts';
import { questionsOf, taskOf } from '../tasks.ts';

export const evalCommand = defineCommand({
  summary: 'Accuracy, maj@k, pass@k and length of a model on a task.',
  details: [
    'Answers {"accuracy": .., "accuracy_interval": {..}, "maj_at_k": [..], "pass_at_k": [..], "mean_length": .., ..}; place',
    'k - 1 of a list is for k answers, k = 1 to samples. The questions are the first ones of the split in the seed’s order.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    task: required(
      'ID',
      'The task: countdown, chain, or JSON such as {"id":"countdown","form":"classic"}.',
    ),
    split: choice('Which questions.', SPLITS, 'test'),
    prompts: number('Questions.', 128, { min: 1, max: 100_000 }),
    ...SAMPLING_OPTIONS,
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const task = taskOf(values.task);
    const model = await loadModel('model', values.model, io);
    const { tokenizer } = model;
    const { split, prompts, samples, seed } = values;
    const asked = questionsOf(task, split, prompts, seed, model).map(({ promptIds }) => promptIds);
    const budget = budgetFor(model, asked, values['max-completion-length']);
    if (!tokenizer) throw new RangeError('questions were read without a tokenizer');
    const evaluation = await withGpu(values, io, (gpu) =>
      withGenerator(gpu, model, asked, { samples, budget }, (generator) =>
        evaluate(generator, tokenizer, {
          task,
          split,
          prompts,
          samples,
          seed,
          sampling: samplingOf(values),
          signal: io.interrupted,
        }),
      ),
    );
    return {
      result: {
        task: task.id,
        split,
        seed,
        temperature: values.temperature,
        max_completion_length: budget,
        model_hash: model.hash,
        ...evaluation,
      },
    };
  },
});
