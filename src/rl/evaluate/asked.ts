/** What was asked: prompts, questions that differ, and clusters of questions that are right or wrong together. */
import type { Question, Task } from '../tasks/task.ts';

/** Counts of an evaluation. */
export interface Asked {
  /** Prompts. */
  readonly prompts: number;
  /** Questions that differ. A small task runs out of them, and asks some again, perhaps in another order or other words. */
  readonly distinct: number;
  /** Clusters that intervals draw from: of questions about the same numbers, for example. */
  readonly clusters: number;
}

/** Per question the key of its cluster: the task's, or its prompt. */
export function clustersOf(task: Task, questions: readonly Question[]): string[] {
  return questions.map((question) => task.clusterOf?.(question) ?? question.prompt);
}

export function countAsked(task: Task, questions: readonly Question[]): Asked {
  const same = questions.map((question) => task.sameAs?.(question) ?? question.prompt);
  return {
    prompts: questions.length,
    distinct: new Set(same).size,
    clusters: new Set(clustersOf(task, questions)).size,
  };
}

/** The counts in words, such as `200 questions, 90 of them distinct, in 34 clusters`; what is all the same number is said once. */
export function askedText({ prompts, distinct, clusters }: Asked): string {
  const questions = prompts === 1 ? '1 question' : `${prompts} questions`;
  const differ = distinct < prompts ? `, ${distinct} of them distinct` : '';
  const grouped =
    clusters < distinct ? `, in ${clusters === 1 ? '1 cluster' : `${clusters} clusters`}` : '';
  return questions + differ + grouped;
}
