/** Commands of the lab for tests: in this process, or built and run as a child process, as a user would. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../../model/character-tokenizer.ts';
import { modelConfigJson, parseModelConfig } from '../../model/config.ts';
import { initialiseParameters } from '../../model/initialise.ts';
import { type ParameterLayout, parameterLayout } from '../../model/parameters.ts';
import { saveParameters } from '../../model/weights.ts';
import { runLab } from '../lab.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface LabRun {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: results are JSON of many shapes, read by tests only.
  readonly result: any;
  readonly log: string;
}

/** A folder that is deleted after the tests of a file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-lab-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Runs a command in this process.
 * @param onLine called with each line of its log; `stop` does what Ctrl-C does to a child process
 */
export async function labHere(
  args: readonly string[],
  cwd = root,
  onLine: (line: string, stop: () => void) => void = () => {},
): Promise<LabRun> {
  const log: string[] = [];
  const interrupted = new AbortController();
  const { result, status = 0 } = await runLab(args, {
    cwd,
    root,
    main: join(root, 'scripts/lab.mjs'),
    log: (line) => {
      log.push(line);
      onLine(line, () => interrupted.abort());
    },
    clock: () => performance.now(),
    interrupted: interrupted.signal,
  });
  return { status, result: JSON.parse(JSON.stringify(result)), log: log.join('\n') };
}

/**
 * Runs the built command line as a child process.
 * @param onLine called with each line of its log; `kill` sends a signal
 */
export function labChild(
  args: readonly string[],
  cwd: string,
  onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<LabRun> {
  const child = spawn(process.execPath, [join(root, 'scripts/lab.mjs'), ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let log = '';
  let pending = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    log += data;
    const lines = (pending + data).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) onLine(line, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const last = out.trimEnd().split('\n').at(-1) ?? '';
      let result: unknown = null;
      try {
        result = JSON.parse(last);
      } catch {
        // A child that was ended has no result; its status shows that.
      }
      resolve({ status: code ?? (signal ? 128 : 1), result, log });
    });
  });
}

/** A model small enough for tests: 2 layers of 16, the bundled tokenizer. */
export const TINY = {
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  intermediate_size: 32,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  bos_token_id: 1,
  eos_token_id: 2,
  pad_token_id: 0,
};

/**
 * Parameters of a random model that mostly writes digits and the end token. So there are wrong answers of all lengths and some right
 * ones, and its gradients are not all zero.
 */
function numerate(layout: ParameterLayout, flat: Float32Array): void {
  const { hidden_size: hidden } = layout.config;
  for (let id = 0; id < layout.config.vocab_size; id++) {
    flat[layout.embed.offset + id * hidden] += 1.5;
    // 2 ends a text, 3 to 12 are the digits.
    if (id >= 2 && id <= 12) flat[layout.lmHead.offset + id * hidden] += 3;
  }
}

/** Writes a random model as an ordinary folder. @returns what was written, for a reference computation. */
export function writeTinyModel(
  folder: string,
  {
    json = TINY,
    seed = 3,
    tokenizer = true,
    digits = false,
  }: { json?: object; seed?: number; tokenizer?: boolean; digits?: boolean } = {},
) {
  mkdirSync(folder, { recursive: true });
  const config = parseModelConfig(json);
  const layout = parameterLayout(config);
  // Larger than usual initial weights, so that tokens differ in probability.
  const flat = initialiseParameters(layout, seed).map((x) => (x === 1 ? 1 : 6 * x));
  if (digits) numerate(layout, flat);
  const text = (value: unknown) => JSON.stringify(value, null, 2);
  writeFileSync(join(folder, 'config.json'), text(modelConfigJson(config)));
  writeFileSync(join(folder, 'model.safetensors'), saveParameters(layout, flat));
  if (tokenizer) {
    writeFileSync(join(folder, 'tokenizer.json'), text(characterTokenizerJson()));
    const more = characterTokenizerConfigJson(config.max_position_embeddings);
    writeFileSync(join(folder, 'tokenizer_config.json'), text(more));
  }
  return { config, layout, flat: flat as Float32Array<ArrayBuffer> };
}

/** Writes objects as a JSON lines file; strings are written as they are. @returns its path */
export function writeInput(folder: string, name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(path, `${texts.join('\n')}\n`);
  return path;
}
