/** A stored run in words. */
import type { Seal } from '../../lab/run-store/seal.ts';
import type { LabData } from '../store/lab-data.ts';

/** Steps done, and steps that there will be; of several runs the furthest. */
export function stepsOf({ runs }: Seal): { readonly done: number; readonly of: number } {
  const planned = runs.map(({ experiment }) => {
    const { steps } = experiment as { readonly steps?: unknown };
    return typeof steps === 'number' ? steps : 0;
  });
  return { done: Math.max(...runs.map(({ step }) => step)), of: Math.max(...planned) };
}

/** Whether its next numbers may differ from those of a run that went through: it is of another build or adapter. */
export function fromElsewhere(
  { runs }: Seal,
  { version, adapter }: Pick<LabData, 'version' | 'adapter'>,
): boolean {
  const { build, adapter: name } = runs[0].manifest;
  return adapter !== null && (build !== version || name !== adapter.name);
}

/** A moment as this reader writes it, to the minute. @param iso ISO 8601 */
export function momentText(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The same, short: today 11:42, yesterday, 21 November. @param now milliseconds since 1970 */
export function whenText(iso: string, now = Date.now()): string {
  const date = new Date(iso);
  const day = (time: Date) =>
    new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
  const days = Math.round((day(new Date(now)) - day(date)) / 86_400_000);
  if (days === 0)
    return `today ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
  if (days === 1) return 'yesterday';
  const year =
    date.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', ...year });
}
