/** The store's promise: whatever fails or is lost, what is read back is a whole earlier moment of the run, or nothing. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../../errors.ts';
import { fuzz } from '../../testing/fuzz.ts';
import { mutationsOf } from '../../testing/mutations.ts';
import { staysAtAge } from '../archive.ts';
import { decodeCheckpoint } from '../checkpoint.ts';
import { readStored } from './read-stored.ts';
import { RunLog, readLog } from './run-log.ts';
import { filesOf, readSeal, writeSeal } from './seal.ts';
import { SealWriter } from './seal-writer.ts';
import { FakeShelf, type Fault } from './testing/fake-shelf.ts';
import {
  ABOUT,
  experiment,
  FLOATS,
  parametersAt,
  SmallRun,
  stepEvent,
} from './testing/small-run.ts';

const NOW = () => '2026-11-30T04:00:00.000Z';
const FOLDER = 'run-1';
const KEPT = [0, 10, 20, 30];

const writerOf = (shelf: FakeShelf, run: SmallRun) =>
  new SealWriter(shelf, FOLDER, ABOUT, [run], NOW);

/** Keeps a run at every tenth step. @returns the steps that were kept without an error */
async function keepAll(shelf: FakeShelf): Promise<number[]> {
  const run = new SmallRun();
  const writer = writerOf(shelf, run);
  const kept: number[] = [];
  for (const step of KEPT) {
    run.to(step);
    const state = step === 30 ? 'finished' : 'open';
    await writer.write({ state, runs: [run.moment] }).then(
      () => kept.push(step),
      () => undefined,
    );
  }
  return kept;
}

/** What the next visit finds: step, parameters and rows, which must belong together. Null where nothing is whole. */
async function found(shelf: FakeShelf) {
  const stored = await readStored(shelf, FOLDER).catch((error: unknown) => {
    expect(error).toBeInstanceOf(BatonError);
    expect(error).toMatchObject({ kind: 'BadFile' });
    return null;
  });
  if (stored === null) return null;
  const [{ step, head, read, record }] = stored.runs;
  const buffers = new Map(['parameters', 'm', 'v'].map((name) => [name, FLOATS]));
  const expected = { experiment, policyHash: 'f'.repeat(64), buffers };
  const { files, step: at, notes } = await decodeCheckpoint(head, read, expected);
  expect(at).toBe(step);
  expect(notes).toEqual({ num_tokens: 10 * step });
  expect(files.get('parameters')).toEqual(parametersAt(step));
  expect(record.rows.map(({ metrics }) => metrics.step)).toEqual(
    Array.from({ length: step }, (_, i) => i + 1),
  );
  return { step, stored };
}

describe('a run that is kept', () => {
  it('is read back as it was at its last checkpoint', async () => {
    const shelf = new FakeShelf();
    expect(await keepAll(shelf)).toEqual(KEPT);
    const last = await found(shelf.copy());
    expect(last).toMatchObject({
      step: 30,
      stored: { fellBack: null, seal: { state: 'finished' } },
    });
    expect(last?.stored.runs[0].record.samples.at(-1)?.[0].question).toBe('question 30');
  });

  const faults: readonly (readonly [string, Fault, (nth: number) => (write: number) => boolean])[] =
    [
      ['a write that fails', { kind: 'fails' }, (nth) => (write) => write === nth],
      ['a write that is torn', { kind: 'torn' }, (nth) => (write) => write === nth],
      ['a disk that is full from then on', full(), (nth) => (write) => write >= nth],
      ['power that goes in the middle', { kind: 'torn' }, (nth) => (write) => write >= nth],
    ];
  it.each(faults)('survives %s, whichever write it is', async (_, fault, hits) => {
    const sound = new FakeShelf();
    await keepAll(sound);
    for (let nth = 1; nth <= sound.writes; nth += 1) {
      const shelf = new FakeShelf();
      const hit = hits(nth);
      shelf.fault = (write) => (hit(write) ? fault : null);
      const kept = await keepAll(shelf);
      const last = await found(shelf.copy());
      // Nothing that was called kept is lost, and nothing that was not is there.
      expect(last?.step, `write ${nth}`).toBe(kept.at(-1));
    }
  });

  it('is left with nothing but what its two newest checkpoints need', async () => {
    const shelf = new FakeShelf();
    const run = new SmallRun();
    const writer = writerOf(shelf, run);
    const seals = [];
    for (const step of [10, 20, 30, 40]) {
      run.to(step);
      await writer.write({ state: 'open', runs: [run.moment] });
      if (writer.latest) seals.push(writer.latest);
    }
    const needed = new Set(seals.slice(-2).flatMap((seal) => [...filesOf(seal)]));
    const there = (await shelf.files(FOLDER)).map(({ path }) => path);
    expect(there).toEqual([...needed].sort());
  });

  it('keeps fewer samples of long ago, and every row', async () => {
    const shelf = new FakeShelf();
    const run = new SmallRun();
    const writer = writerOf(shelf, run);
    const count = 64;
    for (let i = 0; i < count; i += 1) {
      run.to(run.step + 1);
      await writer.write({ state: 'open', runs: [run.moment] });
    }
    const stored = await readStored(shelf, FOLDER);
    const kept = stored.runs[0].record.samples.map(([{ step }]) => step);
    const expected = Array.from({ length: count }, (_, i) => i)
      .filter((ordinal) => staysAtAge(ordinal, count - 1 - ordinal, 5))
      .map((ordinal) => ordinal + 1);
    expect(kept).toEqual(expected);
    expect(stored.runs[0].record.rows).toHaveLength(count);
  });

  it('has rows in several files once there are many, and all of them come back', async () => {
    const shelf = new FakeShelf();
    const run = new SmallRun();
    const writer = writerOf(shelf, run);
    for (const step of [900, 1800, 1801]) {
      run.to(step);
      await writer.write({ state: 'open', runs: [run.moment] });
    }
    expect(writer.latest?.runs[0].rows.length).toBeGreaterThan(1);
    expect((await found(shelf))?.step).toBe(1801);
  });

  it('goes on from what was stored, over a newer checkpoint that was torn', async () => {
    const shelf = new FakeShelf();
    const run = new SmallRun();
    run.to(10);
    await writerOf(shelf, run).write({ state: 'open', runs: [run.moment] });
    shelf.stored.set(`${FOLDER}/seal-000002.json`, new Uint8Array(3));
    const { seal, highest, fellBack } = await readStored(shelf, FOLDER);
    expect(fellBack).toMatchObject({ kind: 'BadFile', field: 'stored run: seal' });
    const again = new SmallRun();
    again.step = 10;
    const writer = new SealWriter(shelf, FOLDER, ABOUT, [again], NOW, seal, highest);
    again.to(20);
    await writer.write({ state: 'open', runs: [again.moment] });
    expect(await found(shelf)).toMatchObject({ step: 20, stored: { fellBack: null } });
  });

  it('that is ended where it stands says so, and has the state of its last checkpoint', async () => {
    const shelf = new FakeShelf();
    const run = new SmallRun();
    const writer = writerOf(shelf, run);
    run.to(10);
    await writer.write({ state: 'open', runs: [run.moment] });
    run.to(13);
    await writer.end('stopped');
    expect(await found(shelf)).toMatchObject({ step: 10, stored: { seal: { state: 'stopped' } } });
  });
});

function full(): Fault {
  return { kind: 'fails', error: new DOMException('no room', 'QuotaExceededError') };
}

describe('stored data that was damaged', () => {
  const damages: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array | null])[] = [
    ['gone', () => null],
    ['cut short', (bytes) => bytes.slice(0, bytes.length - 1)],
    ['altered', (bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte))],
  ];
  it.each(damages)(
    'falls back to the checkpoint before, where any file is %s',
    async (_, damage) => {
      const sound = new FakeShelf();
      const run = new SmallRun();
      const writer = writerOf(sound, run);
      for (const step of [10, 20]) {
        run.to(step);
        await writer.write({ state: 'open', runs: [run.moment] });
      }
      const before = (await sound.files(FOLDER)).map(({ path }) => path);
      const newest = before.filter(
        (path) => path.startsWith('000002/') || path.includes('seal-000002'),
      );
      expect(newest.length).toBeGreaterThan(4);
      for (const path of newest) {
        const shelf = sound.copy();
        const bytes = damage(shelf.stored.get(`${FOLDER}/${path}`) ?? new Uint8Array());
        if (bytes) shelf.stored.set(`${FOLDER}/${path}`, bytes);
        else shelf.stored.delete(`${FOLDER}/${path}`);
        const last = await found(shelf);
        expect(last?.step, path).toBe(10);
        // Without its seal a checkpoint was never there; anything else is told.
        if (bytes || !path.includes('seal')) expect(last?.stored.fellBack).not.toBeNull();
      }
    },
  );

  it('is refused by name where nothing is whole', async () => {
    const shelf = new FakeShelf();
    await keepAll(shelf);
    for (const path of shelf.stored.keys())
      if (path.includes('parameters')) shelf.stored.delete(path);
    await expect(readStored(shelf, FOLDER)).rejects.toMatchObject({
      kind: 'BadFile',
      field: 'stored run: parameters',
    });
    await expect(readStored(shelf, 'nothing')).rejects.toMatchObject({ kind: 'BadFile' });
  });

  it('gives no seal but a sound one, whatever its bytes', async () => {
    const run = new SmallRun();
    const shelf = new FakeShelf();
    const writer = writerOf(shelf, run);
    await writer.write({ state: 'open', runs: [run.moment] });
    const { version: _, ...seal } = writer.latest ?? expect.fail('no seal');
    const bytes = await writeSeal(seal);
    expect(await readSeal(bytes)).toEqual(writer.latest);
    const check = fc.asyncProperty(mutationsOf(bytes), async (mutated) => {
      const read = await readSeal(mutated).catch((error: unknown) => error);
      if (read instanceof BatonError) expect(read.kind).toBe('BadFile');
      else expect(read).toEqual(writer.latest);
    });
    await fuzz(check, { numRuns: 100 });
  });
});

describe('the log of a run', () => {
  it('replaces what was done again, and ends at the step that is asked for', () => {
    const log = new RunLog();
    for (const step of [1, 2, 3]) log.note(stepEvent(step));
    log.note({ type: 'changed', runId: 'run', step: 3, path: 'method.learning_rate', value: 1 });
    for (const step of [2, 3, 4]) log.note(stepEvent(step, 0.5));
    const { rows, samples } = log.until(log.mark);
    const read = readLog(rows, samples, 3);
    expect(read.rows.map(({ metrics }) => [metrics.step, metrics.reward])).toEqual([
      [1, 0.01],
      [2, 0.5],
      [3, 0.5],
    ]);
    expect(read.samples.map(([{ step }]) => step)).toEqual([1, 2, 3]);
    expect(read.changes).toHaveLength(1);
  });

  it('holds no more samples than it may while nothing can be written', () => {
    const log = new RunLog();
    for (let step = 1; step <= 60; step += 1) log.note(stepEvent(step));
    const { mark } = log;
    expect(log.until(mark).samples.split('\n').filter(Boolean)).toHaveLength(50);
    log.settleSamples(mark);
    log.note(stepEvent(61));
    expect(log.until(log.mark).samples).toContain('question 61');
    expect(log.until(mark).samples).toBe('');
  });
});
