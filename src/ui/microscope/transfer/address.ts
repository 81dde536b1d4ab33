/** The microscope in the address, so that a link opens the same question, the same answer and the same cut. */
import { POLICIES, TASKS } from '../../../rl/experiment/catalog.ts';
import type { TaskId } from '../../../rl/tasks/index.ts';
import { taskOfModel } from './models.ts';
import type { TransferData } from './transfer-data.ts';

/** What an address says; whatever is missing or not understood is left out. */
export interface Address {
  readonly task: TaskId;
  /** The prompt, as the task reads it. */
  readonly question: string;
  readonly policies: readonly string[];
  readonly answers: readonly number[];
  readonly cuts: readonly number[];
}

const MOST_ANSWERS = 1_000_000;
const LONGEST = 600;

/** The query of what is shown, `page=microscope` with it. A policy of the lab cannot be linked to and is left out. */
export function writeAddress({ task, question, lanes }: TransferData): string {
  const query = new URLSearchParams({ page: 'microscope' });
  if (question) {
    query.set('task', task);
    query.set('question', question.prompt);
    const linked = lanes.filter(({ policy }) => policy.ref.kind === 'bundled');
    const list = (of: (lane: (typeof lanes)[number]) => string | number) =>
      linked.map(of).join(' ');
    if (linked.length > 0) {
      query.set(
        'policy',
        list(({ policy }) => policy.ref.key),
      );
      query.set(
        'answer',
        list(({ number }) => number + 1),
      );
      if (linked.every(({ answer }) => answer))
        query.set(
          'cut',
          list(({ cut }) => cut),
        );
    }
  }
  return `?${query}`;
}

/** Reads an address; undefined where it asks no question. The question itself is the task's to judge. */
export function readAddress(search: string): Address | undefined {
  const query = new URLSearchParams(search);
  const question = query.get('question')?.slice(0, LONGEST);
  const named = query.get('task') ?? 'countdown';
  if (!question || !Object.hasOwn(TASKS, named)) return undefined;
  const task = named as TaskId;
  const words = (name: string) => (query.get(name) ?? '').split(' ').filter((word) => word !== '');
  const numbers = (name: string) =>
    words(name).map((word) => (/^\d{1,6}$/.test(word) ? Number(word) : 0));
  return {
    task,
    question,
    policies: words('policy')
      .filter((id) => taskOfModel(id) === task && POLICIES.some(({ value }) => value === id))
      .slice(0, 2),
    answers: numbers('answer').map((number) => Math.min(MOST_ANSWERS, Math.max(0, number - 1))),
    cuts: numbers('cut'),
  };
}
