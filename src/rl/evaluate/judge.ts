/** The numbers of an evaluation that depend on right and wrong; all null where nobody can judge. */
import { randomStream } from '../random.ts';
import type { Verdict } from '../tasks/task.ts';
import type { GivenAnswer } from './answers.ts';
import { type Band, type Bootstrap, bandOf, type Interval } from './bootstrap.ts';
import { majAtEachK, mean, passAtK } from './statistics.ts';

/** Means over questions of the verifier's judgements, with 95 % intervals. */
export interface JudgedNumbers {
  /** Share of all answers that are right: mean over questions. */
  readonly accuracy: number;
  readonly accuracy_interval: Interval;
  /** Share of answers that have the task's form. */
  readonly well_formed: number;
  /** Index k - 1 holds maj@k, for k = 1 .. samples. */
  readonly maj_at_k: readonly number[];
  readonly maj_at_k_interval: Band;
  /** Index k - 1 holds unbiased pass@k. */
  readonly pass_at_k: readonly number[];
  readonly pass_at_k_interval: Band;
  /** Tokens of right answers, end token included; NaN where there is none. */
  readonly mean_length_right: number;
  readonly mean_length_right_interval: Interval;
}

/** For a task without a verifier: nothing was judged. */
export type NotJudged = { readonly [K in keyof JudgedNumbers]: null };

const NOT_JUDGED: NotJudged = {
  accuracy: null,
  accuracy_interval: null,
  well_formed: null,
  maj_at_k: null,
  maj_at_k_interval: null,
  pass_at_k: null,
  pass_at_k_interval: null,
  mean_length_right: null,
  mean_length_right_interval: null,
};

/** Tokens of all these answers. */
export function tokensOf(answers: readonly Pick<GivenAnswer, 'completionIds'>[]): number {
  return answers.reduce((sum, { completionIds }) => sum + completionIds.length, 0);
}

/** An answer with its verdict. */
type JudgedAnswer = Verdict & Pick<GivenAnswer, 'completionIds'>;

/** @param given per question its answers, all judged or none */
export function judge(
  given: readonly (readonly GivenAnswer[])[],
  samples: number,
  seed: number,
  bootstrap: Bootstrap,
): JudgedNumbers | NotJudged {
  const judged = given.map((answers) =>
    answers.flatMap(({ verdict, completionIds }): JudgedAnswer[] =>
      verdict ? [{ ...verdict, completionIds }] : [],
    ),
  );
  const all = judged.flat();
  if (all.length === 0) return NOT_JUDGED;
  const right = judged.map((answers) => answers.filter((a) => a.correct));
  const majorities = judged.map((answers, q) =>
    majAtEachK(answers, randomStream(seed, 'evaluate/maj', q)),
  );
  const ks = Array.from({ length: samples }, (_, i) => i + 1);
  const majority = ks.map((k) => bootstrap.mean(majorities.map((chances) => chances[k - 1])));
  const pass = ks.map((k) => bootstrap.mean(right.map((own) => passAtK(samples, own.length, k))));
  const accuracy = bootstrap.mean(
    judged.map((answers) => mean(answers.map((a) => Number(a.correct)))),
  );
  const lengthRight = bootstrap.ratio(
    right.map(tokensOf),
    right.map((own) => own.length),
  );
  return {
    accuracy: accuracy.mean,
    accuracy_interval: accuracy,
    well_formed: mean(all.map((a) => Number(a.wellFormed))),
    maj_at_k: majority.map((point) => point.mean),
    maj_at_k_interval: bandOf(majority),
    pass_at_k: pass.map((point) => point.mean),
    pass_at_k_interval: bandOf(pass),
    mean_length_right: lengthRight.mean,
    mean_length_right_interval: lengthRight,
  };
}
