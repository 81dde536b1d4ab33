/** With a lab that was made up: it does nothing but leave the files of a run. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trial } from '../smoke.ts';
import { plan } from './plan.ts';
import { readRaw } from './raw.ts';
import { doRuns } from './runner.ts';
import { doPart } from './stages.ts';
import { policyHash, type Workshop } from './workshop.ts';

const LAB = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const [command, ...rest] = process.argv.slice(2);
const option = (name) => rest[rest.indexOf(name) + 1];
const say = (answer, status) => { process.stdout.write(JSON.stringify(answer) + '\\n'); process.exit(status); };
appendFileSync(process.env.BATON_ROOT + '/calls', command + (rest.includes('--resume') ? ' --resume' : '') + '\\n');
if (command === 'eval') {
  const list = [0.5, 0.6];
  say({ split: option('--split'), prompts: 8, samples: 2, seed: 1, temperature: 1, max_completion_length: 32,
    accuracy: 0.5, mean_length: 9, truncated: 0, maj_at_k: list, pass_at_k: list }, 0);
}
const experiment = JSON.parse(readFileSync(option('--experiment'), 'utf8'));
const out = option('--out');
mkdirSync(out + '/checkpoint', { recursive: true });
writeFileSync(out + '/checkpoint/state.json', '{}');
if (experiment.seed === 13) say({ error: { message: 'The loss is no number at step 2', remedy: '' } }, 1);
if (process.env.MADE_UP_STOP) {
  process.on('SIGINT', () => say({ finished: false, step: 1 }, 130));
  process.stderr.write('lab: step 1 of 3: warning, waiting\\n');
  setTimeout(() => {}, 20000);
} else {
  const experimentText = { ...experiment, method: { temperature: 1, max_completion_length: 32, ...experiment.method } };
  writeFileSync(out + '/manifest.json', JSON.stringify({ experiment: experimentText, experiment_hash: 'e', build: 'b', adapter: 'none', policy_hash: process.env.MADE_UP_HASH }));
  const rows = Array.from({ length: experiment.steps }, (_, i) => ({ step: i + 1, reward: i, 'eval/accuracy': 0.5 }));
  writeFileSync(out + '/metrics.jsonl', rows.map((row) => JSON.stringify(row)).join('\\n'));
  writeFileSync(out + '/timings.jsonl', JSON.stringify({ step: 1, step_time: 1, phases: {} }));
  say({ finished: true, step: experiment.steps, hash: 'h', model_hash: 'm' }, 0);
}
`;

function workshop(options: Partial<Workshop['options']> = {}, base?: Workshop): Workshop {
  const root = base?.root ?? mkdtempSync(join(tmpdir(), 'baton-study-'));
  const policy = join(root, 'public/models/policies/chain-nano');
  mkdirSync(policy, { recursive: true });
  writeFileSync(join(policy, 'model.safetensors'), 'weights');
  process.env.MADE_UP_HASH = policyHash(root, 'policies/chain-nano');
  const path = join(root, 'lab.mjs');
  writeFileSync(path, LAB);
  return {
    part: trial,
    root,
    cache: join(root, 'cache'),
    raw: join(root, 'raw'),
    lab: { path, build: '1+a' },
    log: () => {},
    stop: new AbortController().signal,
    report: () => {},
    options: { redo: false, evaluate: true, jobs: 2, ...options },
  };
}

function calls({ root }: Workshop): string[] {
  const path = join(root, 'calls');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  writeFileSync(path, '');
  return lines;
}

test('a grid is done once: a second call finds everything there, more steps go on', async () => {
  const shop = workshop();
  const runs = plan(trial);
  expect(await doRuns(shop, runs)).toBe(true);
  expect(calls(shop).filter((c) => c === 'train')).toHaveLength(4);
  const raw = readRaw(shop.raw);
  expect(raw.runs.map(({ arm, seed }) => `${arm}${seed}`).sort()).toEqual([
    'fast1',
    'fast2',
    'slow1',
    'slow2',
  ]);
  expect(raw.runs[0].evaluations.map(({ split }) => split)).toEqual(['test', 'ood']);
  expect(raw.starts).toHaveLength(1);
  expect(await doRuns(shop, runs)).toBe(true);
  expect(calls(shop)).toEqual([]);
  expect(await doRuns(shop, plan(trial, { steps: 5, arms: ['fast'], seeds: [1] }))).toBe(true);
  expect(calls(shop).filter((c) => c.startsWith('train'))).toEqual(['train --resume']);
});

test('raw data are enough: a run whose folder is gone is not done again', async () => {
  const shop = workshop({ evaluate: false });
  const runs = plan(trial, { seeds: [1] });
  await doRuns(shop, runs);
  calls(shop);
  expect(await doRuns({ ...shop, cache: join(shop.root, 'another') }, runs)).toBe(true);
  expect(calls(shop)).toEqual([]);
});

test('runs of another build are refused before anything starts, and done anew where that is allowed', async () => {
  const shop = workshop({ evaluate: false });
  const runs = plan(trial, { seeds: [1] });
  await doRuns(shop, runs);
  calls(shop);
  const later = { ...shop, lab: { ...shop.lab, build: '1+b' } };
  await expect(doRuns(later, runs)).rejects.toThrow(/slow-s1: it is of build 1\+a, this is 1\+b/);
  expect(calls(shop)).toEqual([]);
  const allowed = { ...later, options: { ...later.options, redo: true } };
  expect(await doRuns(allowed, runs)).toBe(true);
  expect(calls(shop)).toEqual(['train', 'train']);
});

test('a run that fails is named, and does not keep the others from being done', async () => {
  const shop = workshop({ evaluate: false, jobs: 1 });
  const runs = plan(trial, { seeds: [13, 1] });
  await expect(doRuns(shop, runs)).rejects.toThrow(/these runs failed: slow-s13, fast-s13/);
  expect(readRaw(shop.raw).runs.map(({ seed }) => seed)).toEqual([1, 1]);
});

test('a model that is missing is named before anything starts', async () => {
  const shop = workshop();
  const part = { ...trial, evaluation: { ...trial.evaluation!, receivers: ['receivers/nobody'] } };
  await expect(doRuns({ ...shop, part }, plan(part))).rejects.toThrow(/receivers\/nobody/);
  expect(calls(shop)).toEqual([]);
});

test('a stop ends the lab once, keeps no raw file, and the next call goes on', async () => {
  const stop = new AbortController();
  const shop = { ...workshop({ evaluate: false }), stop: stop.signal };
  const runs = plan(trial, { seeds: [1], arms: ['slow'] });
  process.env.MADE_UP_STOP = '1';
  try {
    // The lab says something when it is at work.
    const log = () => stop.abort();
    expect(await doRuns({ ...shop, log: (line) => line.includes('waiting') && log() }, runs)).toBe(
      false,
    );
  } finally {
    delete process.env.MADE_UP_STOP;
  }
  expect(readRaw(shop.raw).runs).toEqual([]);
  calls(shop);
  expect(await doRuns({ ...shop, stop: new AbortController().signal }, runs)).toBe(true);
  expect(calls(shop)).toEqual(['train --resume']);
});

test('a tuned part runs its trials first, then its arms at the rates that these chose', async () => {
  const tuned = { ...trial, tuning: { learning_rates: [1e-4, 1e-3], seed: 11 } };
  const shop = { ...workshop({ jobs: 1 }), part: tuned };
  expect(await doPart(tuned, shop, { seeds: [1] })).toBe(true);
  const { runs } = readRaw(shop.raw);
  expect(runs.map(({ arm, seed }) => `${arm}-s${seed}`)).toEqual([
    'fast-lr1e-3-s11',
    'fast-lr1e-4-s11',
    'fast-s1',
    'slow-lr1e-3-s11',
    'slow-lr1e-4-s11',
    'slow-s1',
  ]);
  // Trials are judged by what they measured while training.
  expect(runs.map(({ evaluations }) => evaluations.length)).toEqual([0, 0, 2, 0, 0, 2]);
  calls(shop);
  expect(await doPart(tuned, shop, { seeds: [1] })).toBe(true);
  expect(calls(shop)).toEqual([]);
});
