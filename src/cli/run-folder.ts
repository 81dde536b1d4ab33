/**
 * The folder that `train` writes: manifest.json, metrics.jsonl, timings.jsonl, samples.jsonl, model/, checkpoint/ and perhaps reward-model/. Rows are
 * appended as they come. A checkpoint notes the length and digest of each file, so that a resumed run cuts off later rows and refuses
 * altered ones. A lock keeps other processes out.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { badFile } from '../errors.ts';
import {
  type Checkpoint,
  decodeCheckpoint,
  type Expected,
  encodeCheckpoint,
  readHead,
} from '../lab/checkpoint.ts';
import type { Manifest, MetricsRow } from '../rl/records.ts';
import type { StepResult } from '../rl/run/runner.ts';
import { metricsLine } from '../rl/step-metrics.ts';
import { makeFolder, readOptional, readText, writeWhole } from './files.ts';
import { lockFolder } from './folder-lock.ts';
import { toLines } from './lines.ts';
import { badOption } from './options.ts';
import { RecordFile } from './record-file.ts';

const RECORDS = ['metrics.jsonl', 'timings.jsonl', 'samples.jsonl'] as const;
type RecordName = (typeof RECORDS)[number];
/** The name of a record's digest among the notes of a checkpoint. */
const digestNote = (name: RecordName) => `${name} digest`;

/** A line of metrics.jsonl; null for what is no object. */
function rowOf(line: string): MetricsRow | null {
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && !Array.isArray(row) ? (row as MetricsRow | null) : null;
  } catch {
    return null;
  }
}

export class RunFolder {
  readonly path: string;
  readonly #checkpoints: string;
  readonly #records: Readonly<Record<RecordName, RecordFile>>;

  constructor(path: string) {
    this.path = path;
    this.#checkpoints = join(path, 'checkpoint');
    const record = (name: RecordName) => new RecordFile(join(path, name));
    this.#records = {
      'metrics.jsonl': record('metrics.jsonl'),
      'timings.jsonl': record('timings.jsonl'),
      'samples.jsonl': record('samples.jsonl'),
    };
  }

  /**
   * Keeps every other process out of the folder. A folder that does not exist is made first if `make` is true; otherwise there is
   * nothing to lock.
   * @returns a lock that is released when it is disposed of
   * @throws BatonError Busy if another process holds the folder
   */
  lock(make: boolean): Disposable {
    if (make) makeFolder('out', this.path);
    else if (!existsSync(this.path)) return { [Symbol.dispose]: () => {} };
    return { [Symbol.dispose]: lockFolder(this.path) };
  }

  /**
   * Makes the folder for a new run.
   * @throws BatonError BadConfig on `--out` if it holds a run already: nothing is overwritten
   */
  begin(): void {
    makeFolder('out', this.path);
    if (existsSync(this.#head) || this.#records['metrics.jsonl'].length > 0) {
      throw badOption(
        'out',
        `${this.path} holds a run already`,
        'Nothing was changed. Continue it with --resume, or choose another folder.',
      );
    }
    for (const name of RECORDS) this.#records[name].begin();
  }

  writeManifest(manifest: Manifest): void {
    this.#write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  }

  /** The kernel variants that the run in the folder started with; undefined if its manifest does not say. */
  variants(): Readonly<Record<string, string>> | undefined {
    const { variants } = this.#manifest();
    if (typeof variants !== 'object' || variants === null) return undefined;
    return Object.values(variants).every((one) => typeof one === 'string') ? variants : undefined;
  }

  /** The most tokens of a micro-batch that the run started with; undefined if its manifest does not say. */
  microBatchTokens(): number | undefined {
    const tokens: unknown = this.#manifest().plan?.micro_batch_tokens;
    return typeof tokens === 'number' ? tokens : undefined;
  }

  /** What can be read of the manifest. */
  #manifest(): Partial<Manifest> {
    const bytes = readOptional('out', join(this.path, 'manifest.json'));
    if (bytes === null) return {};
    try {
      const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
      return typeof parsed === 'object' && parsed !== null ? parsed : {};
    } catch {
      return {};
    }
  }

  /** Appends the rows of a step. */
  append({ metrics, timings, samples }: StepResult): void {
    this.#records['metrics.jsonl'].append(metricsLine(metrics));
    this.#records['timings.jsonl'].append(toLines([timings]));
    this.#records['samples.jsonl'].append(toLines(samples));
  }

  /** The metrics rows in the file. @throws BatonError BadFile if something else wrote into it */
  metrics(): MetricsRow[] {
    const lines = readText('out', join(this.path, 'metrics.jsonl')).split('\n').filter(Boolean);
    return lines.map((line) => {
      const row = rowOf(line);
      if (row) return row;
      throw badFile(
        'metrics.jsonl',
        'metrics.jsonl was altered while the run went on: a line of it is no row',
        'The model is kept in the checkpoint. Put the file back and continue with --resume.',
      );
    });
  }

  /** Saves a checkpoint with the lengths of the records. The one before it is deleted only once this one is complete on the disk. */
  async save(checkpoint: Checkpoint): Promise<void> {
    const notes: Record<string, number> = { ...checkpoint.notes };
    for (const name of RECORDS) {
      const { bytes, digest } = this.#records[name].flush();
      notes[name] = bytes;
      notes[digestNote(name)] = digest;
    }
    const { head, parts } = await encodeCheckpoint({ ...checkpoint, notes });
    for (const [name, bytes] of parts) writeWhole('out', join(this.#checkpoints, name), bytes);
    writeWhole('out', this.#head, head);
    for (const name of readdirSync(this.#checkpoints)) {
      if (name === 'state.json' || parts.has(name)) continue;
      rmSync(join(this.#checkpoints, name), { force: true });
    }
  }

  /**
   * Reads the checkpoint, and checks that the records are unchanged up to their lengths at that time.
   * @throws BatonError BadConfig on `--resume` if there is none; otherwise as `decodeCheckpoint`
   */
  async load(expected: Expected): Promise<Checkpoint> {
    const head = readOptional('out', this.#head);
    if (head === null) {
      throw badOption(
        'resume',
        `finds no checkpoint in ${this.path}`,
        'Nothing was changed. Leave --resume out to start the run.',
      );
    }
    const checkpoint = await decodeCheckpoint(
      head,
      async (name) => readOptional('out', join(this.#checkpoints, name)),
      expected,
    );
    for (const name of RECORDS) {
      const remedy = 'Nothing was changed. Put the file back, or start the run anew.';
      const { length } = this.#records[name];
      const wanted = checkpoint.notes?.[name] ?? 0;
      if (length < wanted) {
        throw badFile(
          name,
          `${name} has ${length} bytes; at the checkpoint of step ${checkpoint.step} it had ${wanted}`,
          remedy,
        );
      }
      const digest = checkpoint.notes?.[digestNote(name)];
      if (this.#records[name].read(wanted) !== digest && digest !== undefined) {
        throw badFile(
          name,
          `${name} was altered since the checkpoint of step ${checkpoint.step}`,
          remedy,
        );
      }
    }
    return checkpoint;
  }

  /** Cuts the records back to their lengths at a checkpoint. */
  cutBack(checkpoint: Checkpoint): void {
    for (const name of RECORDS) this.#records[name].cutBack(checkpoint.notes?.[name] ?? 0);
  }

  /** The step of the saved checkpoint; null if there is none that can be read. */
  async savedStep(): Promise<number | null> {
    const head = readOptional('out', this.#head);
    if (head === null) return null;
    return readHead(head).then(
      ({ step }) => step,
      () => null,
    );
  }

  /** Writes the files of a trained model into a folder of that name. */
  writeModel(model: string, files: ReadonlyMap<string, Uint8Array | string>): void {
    for (const [name, data] of files) this.#write(join(model, name), data);
  }

  get #head(): string {
    return join(this.#checkpoints, 'state.json');
  }

  #write(name: string, data: Uint8Array | string): void {
    writeWhole('out', join(this.path, name), data);
  }
}
