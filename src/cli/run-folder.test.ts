import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultExperiment } from '../rl/experiment/schema.ts';
import type { StepResult } from '../rl/run/runner.ts';
import { RunFolder } from './run-folder.ts';
import { scratchFolder } from './testing/lab.ts';

const scratch = scratchFolder();
const experiment = defaultExperiment();
const policyHash = 'f00d'.repeat(16);
const values = () => new Float32Array(8);
const BUFFERS = ['parameters', 'm', 'v'];
const expected = {
  experiment,
  policyHash,
  buffers: new Map(BUFFERS.map((name) => [name, 8])),
};
const row = (step: number) =>
  ({
    metrics: { step, reward: 0.5 },
    timings: { step_time: 1 },
    samples: [],
  }) as unknown as StepResult;

/** A folder with a checkpoint after two rows, and a third row behind it. */
async function saved(name: string): Promise<string> {
  const path = join(scratch, name);
  const folder = new RunFolder(path);
  folder.begin();
  folder.append(row(1));
  folder.append(row(2));
  await folder.save({
    ...{ step: 2, experiment, build: 'b', adapter: 'a', policyHash },
    files: new Map(BUFFERS.map((name) => [name, values()])),
  });
  folder.append(row(3));
  return path;
}

describe('the folder of a run', () => {
  it('is resumed from its checkpoint, and then from the next one', async () => {
    const path = await saved('sound');
    const folder = new RunFolder(path);
    const checkpoint = await folder.load(expected);
    folder.cutBack(checkpoint);
    expect(folder.metrics().map(({ step }) => step)).toEqual([1, 2]);
    folder.append(row(3));
    await folder.save({ ...checkpoint, step: 3 });
    writeFileSync(join(path, 'metrics.jsonl'), '{"step":4,"re', { flag: 'a' });
    const again = new RunFolder(path);
    again.cutBack(await again.load(expected));
    expect(again.metrics().map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('is refused where a letter of a record was changed, or replaced by a NUL, and the file is named', async () => {
    const path = await saved('altered');
    for (const name of ['metrics.jsonl', 'timings.jsonl']) {
      const whole = readFileSync(join(path, name));
      for (const byte of [0, 0x37]) {
        const altered = Buffer.from(whole);
        altered[3] = byte;
        writeFileSync(join(path, name), altered);
        await expect(new RunFolder(path).load(expected)).rejects.toMatchObject({
          kind: 'BadFile',
          field: name,
        });
      }
      writeFileSync(join(path, name), whole);
    }
    await expect(new RunFolder(path).load(expected)).resolves.toMatchObject({ step: 2 });
  });

  it('says which file was altered while the run went on', async () => {
    const path = await saved('meanwhile');
    writeFileSync(join(path, 'metrics.jsonl'), '{"step":1}\n\0\n');
    expect(() => new RunFolder(path).metrics()).toThrow('metrics.jsonl was altered');
  });
});
