/** What the command line refuses, and how it says so: exit status 2 and the field, before anything is computed or written. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from './files.ts';
import { labHere, scratchFolder, writeInput, writeTinyModel } from './testing/lab.ts';

const folder = scratchFolder();
const model = join(folder, 'model');
writeTinyModel(model);
const bare = join(folder, 'bare');
writeTinyModel(bare, { tokenizer: false });
const good = { prompt_ids: [1, 2, 3], completion_ids: [4, 5], coefficients: [1, -1] };

async function refusal(args: readonly string[]) {
  const { status, result, log } = await labHere(args, folder);
  expect(status, JSON.stringify(result)).toBe(2);
  expect(log).toContain(result.error.field);
  return result.error.field as string;
}

describe('the command line', () => {
  it('refuses a command that it does not have', async () => {
    expect(await refusal(['toString'])).toBe('command');
    expect(await refusal(['scores', '--model', 'x'])).toBe('command');
  });

  it('lists its commands, and the options of each, without computing anything', async () => {
    const { result } = await labHere(['help']);
    for (const command of result.commands) {
      const { status, result: own } = await labHere(['help', command]);
      expect(status).toBe(0);
      expect(own.options.length).toBeGreaterThan(0);
      expect((await labHere([command, '--help'])).result).toEqual(own);
    }
  });

  it.each([
    [['score', '--model', 'model'], '--input'],
    [['score', '--model'], '--model'],
    [['score', '--model', '--input', 'x'], '--model'],
    [['score', '--model=', '--input', 'x'], '--model'],
    [['score', '--modle', 'model'], '--modle'],
    [['score', '-m', 'model'], '-m'],
    [['score', 'model'], 'arguments'],
    [['score', '--model', 'a', '--model', 'b', '--input', 'x'], '--model'],
    [['score', '--model', 'model', '--input', 'x', '--temperature', 'warm'], '--temperature'],
    [['score', '--model', 'model', '--input', 'x', '--temperature', '0'], '--temperature'],
    [['score', '--model', 'model', '--input', 'x', '--temperature', '-1'], '--temperature'],
    [['score', '--model', 'model', '--input', 'x', '--temperature', 'Infinity'], '--temperature'],
    [['score', '--model', 'model', '--input', 'x', '--temperature', '0x10'], '--temperature'],
    [['score', '--model', 'model', '--input', 'x', '--profile', 'fast'], '--profile'],
  ])('names the option at fault: %j', async (args, field) => {
    expect(await refusal(args)).toBe(field);
  });

  it('names the option of a file or folder that is not there', async () => {
    const input = writeInput(folder, 'good.jsonl', [good]);
    expect(await refusal(['score', '--model', 'nowhere', '--input', input])).toBe('--model');
    expect(await refusal(['score', '--model', 'policies/nowhere', '--input', input])).toBe(
      '--model',
    );
    expect(await refusal(['score', '--model', '../model', '--input', input])).toBe('--model');
    expect(await refusal(['score', '--model', model, '--input', 'nowhere'])).toBe('--input');
    expect(await refusal(['score', '--model', model, '--input', model])).toBe('--input');
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect(await refusal(['score', '--model', 'empty', '--input', input])).toBe('config.json');
  });
});

describe('a place that cannot be written', () => {
  const input = writeInput(folder, 'place.jsonl', [good]);
  it('is refused by --out where it is a file', async () => {
    const experiment = writeInput(folder, 'place.json', [{ task: { id: 'chain' } }]);
    const train = ['train', '--experiment', experiment, '--model', model];
    expect(await refusal([...train, '--out', input])).toBe('--out');
    expect(await refusal([...train, '--out', join(input, 'run')])).toBe('--out');
  });

  // Node's own recursive mkdir never returns there.
  it.runIf(existsSync('/proc/self'))('is refused where no folder can be made', () => {
    expect(() => makeFolder('out', '/proc/nowhere/deep')).toThrow('--out: /proc/nowhere/deep');
  });
});

describe('lines of tokens', () => {
  it.each([
    ['{"prompt_ids": [1', 'line 2'],
    ['[1, 2]', 'line 2'],
    [{ completion_ids: [1] }, 'line 2: prompt_ids'],
    [{ prompt_ids: [1] }, 'line 2: completion_ids'],
    [{ ...good, prompt_ids: [] }, 'line 2: prompt_ids'],
    [{ ...good, prompt_ids: 'abc' }, 'line 2: prompt_ids'],
    [{ ...good, prompt_ids: [1, 64] }, 'line 2: prompt_ids'],
    [{ ...good, prompt_ids: [-1] }, 'line 2: prompt_ids'],
    [{ ...good, completion_ids: [1.5, 2] }, 'line 2: completion_ids'],
    [{ ...good, completion_ids: [null, 2] }, 'line 2: completion_ids'],
    [{ ...good, completion_ids: new Array(62).fill(4) }, 'line 2'],
    [{ ...good, prompt: 'both' }, 'line 2: prompt'],
    [{ prompt: '3+4', completion: 'Ä' }, 'line 2: completion'],
    [{ prompt: 7, completion: 'a' }, 'line 2: prompt'],
  ])('are refused by line and key: %j', async (line, field) => {
    const input = writeInput(folder, 'lines.jsonl', [good, line]);
    expect(await refusal(['score', '--model', model, '--input', input])).toBe(field);
  });

  it.each([
    [{ ...good, coefficients: undefined }, 'line 3: coefficients'],
    [{ ...good, coefficients: [1] }, 'line 3: coefficients'],
    [{ ...good, coefficients: [1, 'x'] }, 'line 3: coefficients'],
    [{ ...good, coefficients: [1, -1e39] }, 'line 3: coefficients'],
  ])('need one coefficient a completion token for a gradient: %j', async (line, field) => {
    const input = writeInput(folder, 'lines.jsonl', [good, '', line]);
    const args = ['grad', '--model', model, '--input', input, '--out', 'g.safetensors'];
    expect(await refusal(args)).toBe(field);
    expect(existsSync(join(folder, 'g.safetensors'))).toBe(false);
  });

  it('cannot be text where the model has no tokenizer', async () => {
    const input = writeInput(folder, 'text.jsonl', [{ prompt: '3+4:', completion_ids: [4] }]);
    expect(await refusal(['score', '--model', bare, '--input', input])).toBe('line 1: prompt');
  });

  it('must be there', async () => {
    const input = writeInput(folder, 'empty.jsonl', ['', '  ']);
    expect(await refusal(['score', '--model', model, '--input', input])).toBe('--input');
    writeFileSync(input, new Uint8Array([0x7b, 0xff, 0x7d]));
    expect(await refusal(['score', '--model', model, '--input', input])).toBe('--input');
  });
});

describe('an experiment file', () => {
  const input = writeInput(folder, 'rewards.jsonl', [{ question: '1+2:', completion: '3' }]);
  it.each([
    [{ method: { learning_rat: 1 } }, 'method.learning_rat'],
    [{ method: { learning_rate: 'high' } }, 'method.learning_rate'],
    [{ task: { id: 'poker' } }, 'task.id'],
    [{ rewards: [{ term: 'answer' }, { term: 'charm' }] }, 'rewards.1.term'],
    [{ version: 2 }, 'version'],
    ['{"version": 1,', '--experiment'],
  ])('is refused by the setting’s dotted name: %j', async (experiment, field) => {
    const path = writeInput(folder, 'experiment.json', [experiment]);
    expect(await refusal(['reward', '--experiment', path, '--input', input])).toBe(field);
  });

  it('leaves nothing behind when it is refused', () => {
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});
