/**
 * The folder that `train` leaves: manifest.json, metrics.jsonl, timings.jsonl, samples.jsonl, model/ and checkpoint/. Rows are
 * appended as they come; a checkpoint notes how long each file was, so that going on from it cuts off what came after.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
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
import { makeFolder, readOptional, writeWhole } from './files.ts';
import { toLines } from './lines.ts';
import { badOption } from './options.ts';

const RECORDS = ['metrics.jsonl', 'timings.jsonl', 'samples.jsonl'] as const;
type RecordFile = (typeof RECORDS)[number];

export class RunFolder {
  readonly path: string;
  readonly #checkpoints: string;

  constructor(path: string) {
    this.path = path;
    this.#checkpoints = join(path, 'checkpoint');
  }

  /**
   * Makes the folder for a new run.
   * @throws BatonError BadConfig on `--out` where it holds a run: nothing is overwritten
   */
  begin(): void {
    makeFolder('out', this.path);
    const rows = statSync(join(this.path, 'metrics.jsonl'), { throwIfNoEntry: false });
    if (existsSync(this.#head) || (rows?.size ?? 0) > 0) {
      throw badOption(
        'out',
        `${this.path} holds a run already`,
        'Nothing was changed. Go on with it by --resume, or choose another folder.',
      );
    }
    for (const name of RECORDS) writeFileSync(join(this.path, name), '');
  }

  writeManifest(manifest: Manifest): void {
    this.#write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  }

  /** The kernel variants that the run in the folder was begun with, or nothing where it does not say. */
  variants(): Readonly<Record<string, string>> | undefined {
    const bytes = readOptional('out', join(this.path, 'manifest.json'));
    if (bytes === null) return undefined;
    try {
      const { variants } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Manifest>;
      return typeof variants === 'object' && variants !== null ? variants : undefined;
    } catch {
      return undefined;
    }
  }

  /** Adds what a step left. */
  append({ metrics, timings, samples }: StepResult): void {
    this.#append('metrics.jsonl', metricsLine(metrics));
    this.#append('timings.jsonl', toLines([timings]));
    this.#append('samples.jsonl', toLines(samples));
  }

  /** The metrics rows that stand in the file. */
  metrics(): MetricsRow[] {
    const text = readFileSync(join(this.path, 'metrics.jsonl'), 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as MetricsRow);
  }

  /** Saves a checkpoint with the lengths of the records; the one before it goes only when this one is whole on the disk. */
  async save(checkpoint: Checkpoint): Promise<void> {
    const notes: Record<string, number> = { ...checkpoint.notes };
    for (const name of RECORDS) notes[name] = this.#flush(name);
    const { head, parts } = await encodeCheckpoint({ ...checkpoint, notes });
    for (const [name, bytes] of parts) writeWhole('out', join(this.#checkpoints, name), bytes);
    writeWhole('out', this.#head, head);
    for (const name of readdirSync(this.#checkpoints)) {
      if (name === 'state.json' || parts.has(name)) continue;
      rmSync(join(this.#checkpoints, name), { force: true });
    }
  }

  /**
   * Reads the checkpoint, and checks that the records reach as far as it does.
   * @throws BatonError BadConfig on `--resume` where there is none; else as `decodeCheckpoint`
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
      const path = join(this.path, name);
      const length = existsSync(path) ? statSync(path).size : 0;
      const wanted = checkpoint.notes?.[name] ?? 0;
      if (length < wanted) {
        throw badFile(
          name,
          `${name} has ${length} bytes; at the checkpoint of step ${checkpoint.step} it had ${wanted}`,
          'Nothing was changed. Put the file back, or start the run anew.',
        );
      }
    }
    return checkpoint;
  }

  /** Cuts the records back to where a checkpoint was saved. */
  cutBack(checkpoint: Checkpoint): void {
    for (const name of RECORDS) {
      const path = join(this.path, name);
      if (!existsSync(path)) writeFileSync(path, '');
      truncateSync(path, checkpoint.notes?.[name] ?? 0);
    }
  }

  /** The step of the checkpoint that is kept; null where there is none that can be read. */
  async savedStep(): Promise<number | null> {
    const head = readOptional('out', this.#head);
    if (head === null) return null;
    return readHead(head).then(
      ({ step }) => step,
      () => null,
    );
  }

  /** Writes files of the trained model. */
  writeModel(files: ReadonlyMap<string, Uint8Array | string>): void {
    for (const [name, data] of files) this.#write(join('model', name), data);
  }

  get #head(): string {
    return join(this.#checkpoints, 'state.json');
  }

  #write(name: string, data: Uint8Array | string): void {
    writeWhole('out', join(this.path, name), data);
  }

  #append(name: RecordFile, text: string): void {
    appendFileSync(join(this.path, name), text);
  }

  /** Makes sure that a record is on the disk. @returns its length in bytes */
  #flush(name: RecordFile): number {
    const path = join(this.path, name);
    if (!existsSync(path)) return 0;
    const file = openSync(path, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return statSync(path).size;
  }
}
