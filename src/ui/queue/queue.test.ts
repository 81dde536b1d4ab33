import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import {
  type Job,
  MOST_JOBS,
  NO_QUEUE,
  parseQueue,
  type Queue,
  type QueueAction,
  queueText,
  reduceQueue,
} from './queue.ts';

const experiment = defaultExperiment();
const job = (id: string): Job => ({ id, name: `job ${id}`, preset: 'p', experiment, stored: null });
const queueAfter = (actions: readonly QueueAction[], from: Queue = NO_QUEUE) =>
  actions.reduce(reduceQueue, from);
const ids = ({ jobs }: Queue) => jobs.map(({ id }) => id);
const add = (...names: string[]): QueueAction => ({ type: 'add', jobs: names.map(job) });

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const action: fc.Arbitrary<QueueAction> = fc.oneof(
  fc.array(id, { maxLength: 3 }).map((names) => add(...new Set(names))),
  fc.record({ type: fc.constant('begin' as const), id, stored: fc.constantFrom(null, 'folder') }),
  fc.record({ type: fc.constant('end' as const), id }),
  fc.record({ type: fc.constant('end' as const), id, why: fc.constant('it broke') }),
  fc.record({ type: fc.constant('interrupt' as const), id }),
  fc.record({ type: fc.constant('remove' as const), ids: fc.array(id, { maxLength: 3 }) }),
  fc.record({
    type: fc.constant('move' as const),
    id,
    by: fc.constantFrom(1 as const, -1 as const),
  }),
  fc.record({ type: fc.constant('pause' as const), on: fc.boolean() }),
  fc.constant({ type: 'read' as const }),
);

describe('the queue', () => {
  it('neither loses a job nor has one twice, in whatever order things happen', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        let queue = NO_QUEUE;
        for (const one of actions) {
          const before = queue;
          queue = reduceQueue(queue, one);
          const now = ids(queue);
          expect(new Set(now).size).toBe(now.length);
          if (queue.running !== null) expect(now[0]).toBe(queue.running);
          const gone = ids(before).filter((known) => !now.includes(known));
          const may =
            one.type === 'remove'
              ? one.ids.filter((known) => known !== before.running)
              : one.type === 'end' && before.running === one.id
                ? [one.id]
                : [];
          expect(gone.every((known) => may.includes(known))).toBe(true);
          if (one.type !== 'add') expect(now.length).toBeLessThanOrEqual(ids(before).length);
          expect(parseQueue(queueText(queue))).toEqual(queue);
        }
      }),
    );
  });

  it('runs one job at a time, which moves to the front and cannot be moved or removed', () => {
    const queue = queueAfter([add('a', 'b', 'c'), { type: 'begin', id: 'b', stored: 'folder' }]);
    expect([ids(queue), queue.running]).toEqual([['b', 'a', 'c'], 'b']);
    expect(queue.jobs[0].stored).toBe('folder');
    const tried = queueAfter(
      [
        { type: 'begin', id: 'a', stored: null },
        { type: 'move', id: 'b', by: 1 },
        { type: 'move', id: 'a', by: -1 },
        { type: 'remove', ids: ['b'] },
      ],
      queue,
    );
    expect(tried).toEqual(queue);
    expect(ids(queueAfter([{ type: 'move', id: 'c', by: -1 }], queue))).toEqual(['b', 'c', 'a']);
  });

  it('names what failed, and goes on with the next', () => {
    const queue = queueAfter([
      add('a', 'b'),
      { type: 'begin', id: 'a', stored: null },
      { type: 'end', id: 'a', why: 'The loss is no number' },
    ]);
    expect(ids(queue)).toEqual(['b']);
    expect(queue.failed).toEqual([{ name: 'job a', seed: 1, why: 'The loss is no number' }]);
    expect(reduceQueue(queue, { type: 'read' }).failed).toEqual([]);
  });

  it('keeps what was interrupted as the first, with its folder', () => {
    const queue = queueAfter([
      add('a', 'b'),
      { type: 'begin', id: 'b', stored: 'folder' },
      { type: 'interrupt', id: 'b' },
    ]);
    expect([ids(queue), queue.running, queue.jobs[0].stored]).toEqual([['b', 'a'], null, 'folder']);
  });

  it('has an end', () => {
    const many = Array.from({ length: MOST_JOBS + 5 }, (_, i) => `${i}`);
    expect(queueAfter([add(...many)]).jobs).toHaveLength(MOST_JOBS);
  });
});

describe('what was kept of a queue', () => {
  const kept = (change: object) =>
    JSON.stringify({ ...JSON.parse(queueText(queueAfter([add('a', 'b')]))), ...change });

  it('is a queue without jobs where nothing was kept', () => {
    expect(parseQueue(null)).toEqual(NO_QUEUE);
  });

  it.each([
    ['not json', 'queue.text'],
    ['null', 'queue.text'],
    ['['.repeat(100_000), 'queue.text'],
    [kept({ version: 2 }), 'queue.version'],
    [kept({ paused: 1 }), 'queue.paused'],
    [kept({ running: 'nobody' }), 'queue.running'],
    [kept({ running: 'b' }), 'queue.running'],
    [kept({ jobs: [{ ...job('a'), stored: '../..' }] }), 'queue.jobs.0.stored'],
    [
      kept({ jobs: [{ ...job('a'), experiment: { version: 1, steps: -1 } }] }),
      /^queue\.jobs\.0\.experiment/,
    ],
    [kept({ jobs: [job('a'), job('a')] }), 'queue.jobs'],
    [kept({ extra: 1 }), /^queue/],
  ])('is refused by its field as %s', (text, field) => {
    expect(() => parseQueue(text)).toThrow(
      expect.objectContaining({
        kind: 'BadFile',
        field: typeof field === 'string' ? field : expect.stringMatching(field),
      }),
    );
  });
});
