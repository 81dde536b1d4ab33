/** How an expert writes the traces that a method learns from. */
import { text, type Values } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { traceFields, traceOptions } from '../experiment/trace-fields.ts';
import { refusedTraces } from '../tasks/plain-traces.ts';
import type { Task, TraceOptions } from '../tasks/task.ts';
import type { Contradiction } from './method.ts';

const { prompt_loss_weight: _, ...writing } = traceFields;

export const expertTraceFields = headed('Expert', {
  failed_tries: text({
    label: 'Failed tries',
    help: 'Weights of 0, 1, 2, ... failed tries before the right one, with spaces between. Only for tasks whose answers are found by trying.',
    pattern: /^\d+(\.\d+)?( \d+(\.\d+)?){0,15}$/,
    form: 'up to 16 numbers with spaces between, such as "1 2 1"',
    free: true,
    options: [
      { value: '1', label: 'None' },
      { value: '1 1', label: 'None, or one' },
      { value: '1 2 1', label: 'None to two, one most often' },
    ],
    default: '1',
  }),
  ...writing,
});

type Settings = Values<typeof expertTraceFields>;

const { give_up, slips, dialect_slips, check_repairs, ...style } = expertTraceFields;
/** The same for an expert that makes no mistakes by chance. Misconceptions it has where they are asked for. */
export const flawlessTraceFields = style;

/** The settings of an expert that makes no mistakes by chance, as those of any expert. */
export function flawless(settings: Values<typeof flawlessTraceFields>): Settings {
  const none = { give_up: 0, slips: 0, dialect_slips: '', check_repairs: false };
  return { ...settings, ...none };
}

export function expertTraces(settings: Settings): TraceOptions {
  return {
    ...traceOptions(settings),
    failedTries: settings.failed_tries.split(' ').map(Number),
  };
}

/** What a task’s expert does not write. */
export function traceObjections(task: Task, settings: Settings): readonly Contradiction[] {
  const { field, message } = refusedTraces(task, traceOptions(settings)) ?? {};
  return field === undefined ? [] : [{ key: field, message: `is refused: ${message}` }];
}
