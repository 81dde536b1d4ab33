/** `rerank`: how often the answer that a learned reward chooses is right, beside the ways that need none. */
import { type Candidate, type RerankRow, rerank as rerankAnswers } from '../../rl/airl/rerank.ts';
import { clustersOf } from '../../rl/evaluate/asked.ts';
import { Bootstrap } from '../../rl/evaluate/bootstrap.ts';
import { mean } from '../../rl/evaluate/statistics.ts';
import { randomStream } from '../../rl/random.ts';
import { defineCommand } from '../command.ts';
import { withEnds } from '../intervals.ts';
import { badOption, number } from '../options.ts';
import {
  measuredTraces,
  type RewardedTrace,
  TRACE_DETAILS,
  TRACE_OPTIONS,
  traceMeans,
} from '../traces.ts';

/** Numbers of answers to choose from. */
const SIZES = [2, 4, 8, 16];

export const rerank = defineCommand({
  summary:
    'How often a learned reward chooses a right answer of several, beside voting and others.',
  details: [
    'Chooses one of 2, 4, 8 and 16 answers to each question, as far as every question has so many: by the "mean" reward of its tokens, the "last", the',
    '"late_weighted" mean (0.95^(T-1-t)) or the "minimum"; by "majority", by a "reward_weighted_vote" (each answer votes with sigmoid(mean reward)) or by the policy’s',
    'mean "log_probability". Beside them stand "one_sample" and "any". Each has its accuracy, and its gain over one sample, paired by question.',
    ...TRACE_DETAILS,
    'Lines with the same question are its answers. Answers {"rows": [{"n": 2, "choosers": {"mean": {"accuracy": .., "gain": .., ..}, ..}}, ..]}.',
  ],
  options: {
    ...TRACE_OPTIONS,
    samples: number('Answers to each question that is asked.', 16, { min: 2, max: 1024 }),
  },
  run: async (values, io) => {
    const means = await traceMeans(values, io);
    const { own } = await measuredTraces(values, means, io);
    const questions = [...byQuestion(own).values()];
    const fewest = Math.min(...questions.map((answers) => answers.length));
    const sizes = SIZES.filter((n) => n <= fewest);
    if (sizes.length === 0)
      throw badOption(
        'input',
        'has a question with a single answer; there is nothing to choose from',
        'Nothing was measured. Give at least two answers to each question.',
      );
    const bootstrap = new Bootstrap(
      clustersOf(
        means.task,
        questions.map(([{ question }]) => question),
      ),
      randomStream(values.seed, 'rerank'),
    );
    const rows = rerankAnswers(
      questions.map((answers) => answers.map(candidateOf)),
      sizes,
      bootstrap,
    );
    for (const row of rows) io.log(rowLine(row));
    return {
      result: {
        task: means.task.id,
        ...(values.input === undefined && { split: values.split, temperature: values.temperature }),
        ...{ seed: values.seed, questions: questions.length, answers: own.length },
        ...means.reading,
        ...(means.policy && { model_hash: means.policy.hash }),
        ...(means.reward && { reward_model_hash: means.reward.hash }),
        rows,
      },
    };
  },
});

function byQuestion(traces: readonly RewardedTrace[]): Map<string, RewardedTrace[]> {
  const questions = new Map<string, RewardedTrace[]>();
  for (const trace of traces) {
    const { prompt } = trace.question;
    const answers = questions.get(prompt);
    if (answers) answers.push(trace);
    else questions.set(prompt, [trace]);
  }
  return questions;
}

function candidateOf({ verdict, rewards, logprobs }: RewardedTrace): Candidate {
  const { answer, correct } = verdict;
  // Without tokens there is nothing to be likely.
  const logprob = logprobs?.length === 0 ? Number.NEGATIVE_INFINITY : logprobs && mean(logprobs);
  return { answer, correct, rewards, logprob };
}

function rowLine({ n, choosers }: RerankRow): string {
  const own = Object.entries(choosers).map(
    ([name, { accuracy_interval }]) => `${name} ${withEnds(accuracy_interval)}`,
  );
  return `of ${n}: ${own.join(', ')}`;
}
