/** The reward models that a run trains: their weights, and how well they tell experts from the policy by now. */
import { type HeldOut, heldOut } from '../airl/held-out.ts';
import {
  type RewardReading,
  type RewardUse,
  type ScalarModel,
  withoutTokenHead,
} from '../airl/reward-model.ts';
import { placesOf } from '../airl/token-rewards.ts';
import { generatorWriter, giveAnswers } from '../evaluate/answers.ts';
import { clustersOf } from '../evaluate/asked.ts';
import type { Experiment } from '../experiment/schema.ts';
import { endOf } from '../learn/after-reasoning.ts';
import { written } from '../learn/lesson.ts';
import { samplingOf } from '../learn/sample.ts';
import { score } from '../learn/score.ts';
import { methodOf } from '../methods/index.ts';
import { randomStream } from '../random.ts';
import type { Question } from '../tasks/task.ts';
import type { RunParts } from './open.ts';

/** A reward model as it is now. */
export interface TrainedReward extends ScalarModel {
  /** The learner's name. */
  readonly name: string;
  readonly reading: RewardReading;
}

interface Used {
  readonly name: string;
  readonly use: RewardUse;
}

function usedIn({ method }: Experiment): Used[] {
  return Object.entries(methodOf(method).needs.learners ?? {}).flatMap(([name, { reward }]) =>
    reward ? [{ name, use: reward }] : [],
  );
}

function learnerOf({ learners }: RunParts, name: string) {
  const part = learners.get(name);
  if (!part) throw new RangeError(`there is no learner ${name}`);
  return part.learner;
}

/** The weights of every reward model of a run; none where its method trains none. */
export async function rewardModelsOf(
  parts: RunParts,
  experiment: Experiment,
): Promise<TrainedReward[]> {
  const models: TrainedReward[] = [];
  for (const { name, use } of usedIn(experiment)) {
    const learner = learnerOf(parts, name);
    const parameters = await learner.readParameters();
    const head = await learner.scalar?.readParameters();
    if (!head) throw new RangeError(`the learner ${name} has no scalar head`);
    const { granularity, interval, reward_clip } = use.reading;
    models.push({
      ...withoutTokenHead({ layout: learner.layout, parameters, scalar: { head, bias: true } }),
      ...{ name, reading: { granularity, interval, reward_clip } },
    });
  }
  return models;
}

/** A trace as tokens after its question. */
interface Held {
  readonly question: Question;
  readonly expert: boolean;
  readonly prompt: readonly number[];
  readonly completionIds: readonly number[];
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * How well a reward model tells experts from the policy on the held-out questions of the run's evaluations, by the mean logit where it is read. It
 * changes nothing of the run. Traces that are empty or do not fit are left out.
 * @throws Cancelled, DeviceLost
 */
export async function heldOutOf(
  parts: RunParts,
  experiment: Experiment,
  name: string,
  signal?: AbortSignal,
): Promise<HeldOut> {
  const used = usedIn(experiment).find((one) => one.name === name);
  if (!used) throw new RangeError(`the learner ${name} is no reward model`);
  const { use } = used;
  const { task, tokenizer, plan } = parts;
  const learner = learnerOf(parts, name);
  const traces = (await heldTraces(parts, experiment, use, signal)).filter(
    ({ prompt, completionIds }) =>
      completionIds.length > 0 && prompt.length + completionIds.length <= learner.options.positions,
  );
  const examples = traces.map(({ prompt, completionIds: completion, truncated }) => ({
    ...{ role: 'solver', group: 0, truncated, prompt, completion, columns: {} },
  }));
  const { values = [] } = await score(learner, examples, plan);
  const clusters = clustersOf(
    task,
    traces.map(({ question }) => question),
  );
  const said = traces.map((trace, i) => {
    const places = placesOf({ task, tokenizer }, trace, use.reading);
    const logit = places.reduce((sum, place) => sum + values[i][place], 0) / places.length;
    return { cluster: clusters[i], expert: trace.expert, logit };
  });
  return heldOut(said, experiment.seed);
}

async function heldTraces(
  { task, tokenizer, generator }: RunParts,
  { method, seed, evaluation }: Experiment,
  { experts }: RewardUse,
  signal: AbortSignal | undefined,
): Promise<Held[]> {
  const { prompts, samples } = evaluation;
  const answered = await giveAnswers(
    generatorWriter(generator, tokenizer, method.max_completion_length),
    {
      ...{ task, split: 'test', prompts, samples, seed, sampling: samplingOf(method) },
      ...(signal && { signal }),
    },
  );
  return answered.flatMap(({ question, answers }, i): Held[] => {
    const prompt = tokenizer.encode(question.prompt, { addSpecial: true });
    const text = task.expertTrace(question, randomStream(seed, 'airl/held-out', i), experts);
    const completionIds = text === '' ? [] : [...written(tokenizer, text), endOf(tokenizer)];
    return [
      ...answers.map((answer) => ({ ...answer, question, prompt, expert: false })),
      { question, prompt, expert: true, completionIds, text, truncated: false },
    ];
  });
}
