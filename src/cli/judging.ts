/** A model as the critic of given pairs: for `judge`. */
import { BatonError, badConfig } from '../errors.ts';
import type { LoadedModel } from '../model/load.ts';
import { comparing, type GameSettings } from '../rl/critic/game.ts';
import { judgementOf } from '../rl/critic/judgement.ts';
import type { Pair, Place } from '../rl/critic/pair.ts';
import { type CriticVerdict, turned } from '../rl/critic/verdict.ts';
import { generatorWriter } from '../rl/evaluate/answers.ts';
import { writeVerdicts } from '../rl/evaluate/verdicts.ts';
import { type SamplingConfig, samplingOf } from '../rl/learn/sample.ts';
import { methodOf } from '../rl/methods/index.ts';
import { streamKey } from '../rl/random.ts';
import { createTask, type TaskConfig } from '../rl/tasks/index.ts';
import type { Task, TaskCritic } from '../rl/tasks/task.ts';
import type { LabIo } from './command.ts';
import { withGpu } from './device.ts';
import { checkExperiment, readExperiment } from './experiments.ts';
import { withCritic } from './sampling.ts';

export interface CriticSettings extends GameSettings {
  readonly seed: number;
  readonly sampling: SamplingConfig;
  /** Token budget of a verdict with its reasoning. */
  readonly budget: number;
  /** The task that asks a question, with its critic. @throws BatonError BadConfig where there is none */
  task(prompt: string): Task & { readonly critic: TaskCritic };
}

/** Tasks whose questions are recognised where no experiment names one. */
const KNOWN: readonly TaskConfig[] = [
  { id: 'chain', min_terms: 2, max_terms: 8, largest_term: 99, answer_apart: true },
  { id: 'countdown', form: 'small' },
  { id: 'countdown', form: 'classic' },
  { id: 'couplet' },
];

/**
 * How a critic judges by an experiment, or by RARO's defaults.
 * @throws BatonError BadConfig where the experiment's method has no critic that compares two answers
 */
export function criticSettings(path: string | undefined, io: LabIo): CriticSettings {
  const given = path === undefined ? null : readExperiment(path, io);
  const { method, seed } = given ?? checkExperiment({ task: KNOWN[0], method: { name: 'raro' } });
  const { critic } = methodOf(method);
  if (!critic || 'key' in critic) {
    throw badConfig(
      `method.${critic?.key ?? 'name'}`,
      `The method ${method.name} of this experiment has no critic that compares two answers`,
      'Nothing was judged. Leave the experiment out to use the defaults.',
    );
  }
  const tasks = (given ? [given.task] : KNOWN).map(createTask);
  return {
    ...critic,
    ...{ seed, sampling: method },
    task: (prompt) => {
      const [first] = tasks;
      const found = tasks.find((task) => asks(task, prompt)) ?? first;
      if (found.critic) return found as Task & { readonly critic: TaskCritic };
      throw badConfig('task', `The task ${found.id} has no critic`);
    },
  };
}

/** Whether a task asks such a question. */
function asks(task: Task, prompt: string): boolean {
  try {
    task.readQuestion(prompt);
    return true;
  } catch (error) {
    if (error instanceof BatonError) return false;
    throw error;
  }
}

/** What a critic said of one pair. */
interface Asked {
  /** On the answers as the pair numbers them; null where it cannot be read. */
  readonly verdicts: readonly (CriticVerdict | null)[];
  /** Which answer stood first for each verdict. */
  readonly first: readonly Place[];
  /** What it wrote; null where it met its budget, or the pair does not fit. */
  readonly texts: readonly (string | null)[];
  /** Shares of the readable verdicts with answer 1 first, and with answer 2 first; null where none can be read. */
  readonly by_order: Readonly<Record<Place, ReturnType<typeof judgementOf>['probabilities']>>;
}

/** Asks the model about all pairs at once. @throws BatonError OutOfMemory, NoWebGpu */
export async function askCritic(
  model: LoadedModel,
  pairs: readonly Pair[],
  settings: CriticSettings,
  device: Parameters<typeof withGpu>[0],
  io: LabIo,
): Promise<Asked[]> {
  const { tokenizer } = model;
  if (!tokenizer) throw new RangeError('the critic has no tokenizer');
  const { seed, budget, payoffs } = settings;
  const enquiries = pairs.map((pair) => {
    const { critic } = settings.task(pair.question.prompt);
    return comparing(critic, settings)(pair);
  });
  const prompts = enquiries.flatMap((own) => own.map(({ prompt }) => prompt));
  const longest = prompts.reduce(
    (most, prompt) => Math.max(most, tokenizer.encode(prompt, { addSpecial: true }).length),
    1,
  );
  const texts = await withGpu(device, io, (gpu) =>
    withCritic(gpu, model, { longest, budget, field: 'method.max_critic_length' }, (generator) =>
      writeVerdicts(generatorWriter(generator, tokenizer), {
        ...{ prompts, key: streamKey(seed, 'judge'), uid: 0 },
        ...{ sampling: samplingOf(settings.sampling), signal: io.interrupted },
      }),
    ),
  );
  let next = 0;
  return enquiries.map((own, p) => {
    const { expert } = pairs[p];
    const said = own.map((enquiry) => {
      const text = texts[next++];
      const { judged } = enquiry.outcome(text);
      if (!judged) throw new RangeError('the critic compares nothing');
      const asDrawn = judged.expert === expert;
      const { verdict } = judged;
      return {
        ...{ text, first: asDrawn ? ('1' as const) : ('2' as const) },
        verdict: verdict === null || asDrawn ? verdict : turned(verdict),
      };
    });
    const shares = (first: Place) =>
      judgementOf(
        said.filter((one) => one.first === first).map(({ verdict }) => verdict),
        ...([expert, payoffs] as const),
      ).probabilities;
    return {
      verdicts: said.map(({ verdict }) => verdict),
      first: said.map((one) => one.first),
      texts: said.map(({ text }) => text),
      by_order: { '1': shares('1'), '2': shares('2') },
    };
  });
}
