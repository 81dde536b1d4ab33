/** How good a policy is on fixed questions: accuracy, maj@k, pass@k and length. Draws its own random numbers. */

import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { Generator } from '../../model/generate.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { randomStream, streamKey } from '../random.ts';
import type { Split, Task } from '../tasks/task.ts';
import {
  bootstrapInterval,
  type Interval,
  type JudgedAnswer,
  majAtEachK,
  mean,
  passAtK,
} from './statistics.ts';

export interface EvaluateRequest {
  readonly task: Task;
  readonly split: Split;
  /** Questions: the first ones of the split in the order of `seed`. */
  readonly prompts: number;
  /** Completions of each. */
  readonly samples: number;
  readonly seed: number;
  readonly sampling: SamplingSettings;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  readonly prompts: number;
  readonly samples: number;
  /** Share of all completions that are right: mean over questions. */
  readonly accuracy: number;
  /** 95 % bootstrap interval of the accuracy, over questions. */
  readonly accuracy_interval: Interval;
  /** Share of completions that have the task's form. */
  readonly well_formed: number;
  /** Index k - 1 holds maj@k, for k = 1 .. samples. */
  readonly maj_at_k: readonly number[];
  /** Index k - 1 holds unbiased pass@k. */
  readonly pass_at_k: readonly number[];
  /** Tokens, end token included. */
  readonly mean_length: number;
  readonly truncated: number;
}

/** One sampled and judged completion. */
interface Judged extends JudgedAnswer {
  readonly wellFormed: boolean;
  readonly length: number;
  readonly truncated: boolean;
}

/** Evaluates the parameters that the generator samples from. The numbers do not depend on how many sequences fit at once. */
export async function evaluate(
  generator: Generator,
  tokenizer: Tokenizer,
  request: EvaluateRequest,
): Promise<Evaluation> {
  const { task, split, prompts, samples, seed } = request;
  const questions = Array.from({ length: prompts }, (_, i) => task.question(split, i, seed));
  const judged: Judged[][] = questions.map(() => []);
  for (const wave of waves(prompts, samples, generator.options.sequences)) {
    const out = await generator.generate({
      prompts: questions
        .slice(wave.first, wave.first + wave.count)
        .map((q) => tokenizer.encode(q.prompt, { addSpecial: true })),
      copies: wave.copies,
      sampling: request.sampling,
      key: streamKey(seed, `evaluate/${split}`),
      uid: wave.first * samples + wave.copy,
      ...(request.signal && { signal: request.signal }),
    });
    out.forEach((completion, i) => {
      const question = wave.first + Math.floor(i / wave.copies);
      const verdict = task.verify(questions[question], tokenizer.decode(completion.ids));
      judged[question].push({
        ...verdict,
        length: completion.ids.length,
        truncated: completion.truncated,
      });
    });
  }
  return summarise(judged, samples, seed);
}

interface Wave {
  readonly first: number;
  readonly count: number;
  readonly copy: number;
  readonly copies: number;
}

/** Cuts prompts x samples into runs that fit; a question with more samples than fit takes several, one after the other. */
function waves(prompts: number, samples: number, room: number): Wave[] {
  const cut: Wave[] = [];
  if (samples > room) {
    for (let first = 0; first < prompts; first++) {
      for (let copy = 0; copy < samples; copy += room) {
        cut.push({ first, count: 1, copy, copies: Math.min(room, samples - copy) });
      }
    }
    return cut;
  }
  const each = Math.floor(room / samples);
  for (let first = 0; first < prompts; first += each) {
    cut.push({ first, count: Math.min(each, prompts - first), copy: 0, copies: samples });
  }
  return cut;
}

function summarise(judged: readonly Judged[][], samples: number, seed: number): Evaluation {
  const all = judged.flat();
  const perQuestion = judged.map((answers) => mean(answers.map((a) => Number(a.correct))));
  const right = judged.map((answers) => answers.filter((a) => a.correct).length);
  const majorities = judged.map((answers, q) =>
    majAtEachK(answers, randomStream(seed, 'evaluate/maj', q)),
  );
  const ks = Array.from({ length: samples }, (_, i) => i + 1);
  return {
    prompts: judged.length,
    samples,
    accuracy: mean(perQuestion),
    accuracy_interval: bootstrapInterval(perQuestion, randomStream(seed, 'evaluate/bootstrap')),
    well_formed: mean(all.map((a) => Number(a.wellFormed))),
    maj_at_k: ks.map((k) => mean(majorities.map((chances) => chances[k - 1]))),
    pass_at_k: ks.map((k) => mean(right.map((c) => passAtK(samples, c, k)))),
    mean_length: mean(all.map((a) => a.length)),
    truncated: mean(all.map((a) => Number(a.truncated))),
  };
}
