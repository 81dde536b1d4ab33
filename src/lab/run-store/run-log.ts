/** What one run has told the page, as lines that can be read back: rows, live changes and evaluations in one file, samples in another. */
import type { Manifest, SampleGroup } from '../../rl/records.ts';
import type { LabEvent } from '../protocol.ts';
import type { Change, Evaluated, Row, RunRecord } from './run-record.ts';
import { damaged } from './seal.ts';

type Line = { readonly row: Row } | { readonly change: Change } | { readonly evaluated: Evaluated };

/** How far a log was written, in characters of rows and logged steps of samples since the run began. */
export interface Mark {
  readonly rows: number;
  readonly samples: number;
}

/** Logged steps of samples that wait to be written; where nothing can be written, the oldest go. */
const MOST_WAITING = 50;

const toLine = (value: unknown) => `${JSON.stringify(value)}\n`;

/** Collects what a run tells, until it is written. */
export class RunLog {
  #rows = '';
  #rowsFrom = 0;
  #samples: (readonly SampleGroup[])[] = [];
  #samplesFrom = 0;
  /** The newest manifest; null before the run is prepared. */
  manifest: Manifest | null = null;

  note(event: LabEvent): void {
    switch (event.type) {
      case 'step': {
        const { metrics, timings, samples } = event;
        this.#add({ row: { metrics, timings } });
        if (samples.length > 0) this.#samples.push(samples);
        while (this.#samples.length > MOST_WAITING) this.#drop(1);
        return;
      }
      case 'changed': {
        const { step, path, value } = event;
        this.#add({ change: { step, path, value } });
        return;
      }
      case 'evaluated': {
        const { order, step, evaluation } = event;
        this.#add({ evaluated: { order, step, evaluation } });
        return;
      }
      case 'manifest':
        this.manifest = event.manifest;
    }
  }

  /** The end of all that was told so far. */
  get mark(): Mark {
    return {
      rows: this.#rowsFrom + this.#rows.length,
      samples: this.#samplesFrom + this.#samples.length,
    };
  }

  /** The lines up to a mark that have not been settled. */
  until({ rows, samples }: Mark): { readonly rows: string; readonly samples: string } {
    const waiting = this.#samples.slice(0, Math.max(0, samples - this.#samplesFrom));
    return {
      rows: this.#rows.slice(0, Math.max(0, rows - this.#rowsFrom)),
      samples: waiting.map(toLine).join(''),
    };
  }

  /** Forgets the rows up to a mark: they are in a file that no later one replaces. */
  settleRows({ rows }: Mark): void {
    const count = Math.max(0, rows - this.#rowsFrom);
    this.#rows = this.#rows.slice(count);
    this.#rowsFrom += count;
  }

  /** The same for samples. */
  settleSamples({ samples }: Mark): void {
    this.#drop(Math.max(0, samples - this.#samplesFrom));
  }

  #add(line: Line): void {
    this.#rows += toLine(line);
  }

  #drop(count: number): void {
    this.#samples.splice(0, count);
    this.#samplesFrom += count;
  }
}

/**
 * Reads the lines of a run back. A step that was done again replaces what was recorded from there on.
 * @param step what comes after it is left out
 * @throws BatonError BadFile for a line that is none
 */
export function readLog(rows: string, samples: string, step: number): RunRecord {
  const read: {
    rows: Row[];
    samples: (readonly SampleGroup[])[];
    changes: Change[];
    evaluations: Evaluated[];
  } = { rows: [], samples: [], changes: [], evaluations: [] };
  for (const line of linesOf<Line>('rows', rows)) {
    if ('row' in line) {
      const { step: at } = line.row.metrics;
      while ((read.rows.at(-1)?.metrics.step ?? -1) >= at) read.rows.pop();
      if (at <= step) read.rows.push(line.row);
    } else if ('change' in line) {
      if (line.change.step <= step + 1) read.changes.push(line.change);
    } else if ('evaluated' in line) {
      if (line.evaluated.step <= step) read.evaluations.push(line.evaluated);
    } else throw damaged('rows', 'hold a line that is none');
  }
  for (const groups of linesOf<readonly SampleGroup[]>('samples', samples)) {
    const at = groups[0]?.step ?? 0;
    while ((read.samples.at(-1)?.[0].step ?? -1) >= at) read.samples.pop();
    if (at <= step && groups.length > 0) read.samples.push(groups);
  }
  return read;
}

function linesOf<T>(part: string, text: string): T[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      try {
        const value: unknown = JSON.parse(line);
        if (typeof value === 'object' && value !== null) return value as T;
      } catch {}
      throw damaged(part, 'hold a line that is no JSON object');
    });
}
