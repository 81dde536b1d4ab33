/** This microscope in the address, so that a link opens the same question and the same answer. */
import { TASKS } from '../../../rl/experiment/catalog.ts';
import type { TaskId } from '../../../rl/tasks/index.ts';
import { LONGEST_TEXT, type WithoutData } from './without.ts';

/** What an address says; the names it shares with other microscopes mean the same. */
export interface WithoutAddress {
  readonly task: TaskId;
  readonly question: string;
  readonly policy: string | undefined;
  readonly text: string | undefined;
}

export function writeAddress({ task, question, policy, text }: WithoutData): string {
  const query = new URLSearchParams({ page: 'microscope', scope: 'without' });
  if (question) {
    query.set('task', task);
    query.set('question', question.prompt);
    if (policy.ref.kind === 'bundled') query.set('policy', policy.ref.key);
    query.set('text', text);
  }
  return `?${query}`;
}

/** Reads an address; undefined where it asks no question. */
export function readAddress(search: string): WithoutAddress | undefined {
  const query = new URLSearchParams(search);
  const question = query.get('question')?.slice(0, LONGEST_TEXT);
  const task = query.get('task') ?? 'countdown';
  if (!question || !Object.hasOwn(TASKS, task)) return undefined;
  return {
    task: task as TaskId,
    question,
    policy: query.get('policy')?.split(' ')[0],
    text: query.get('text')?.slice(0, LONGEST_TEXT),
  };
}
