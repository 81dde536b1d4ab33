/**
 * `npm run bench:train-step`: one training step of a model of 139,584 parameters (2 layers, width 64, 4 heads, SwiGLU 256, vocabulary
 * 64, untied; 8 sequences of 64 tokens; AdamW), ours and jax-js's, interleaved in one Chromium. Prints the medians and their ratio and
 * writes bench/results/train-step.json.
 *
 *   --rounds N    timed rounds, at least 7 (9)
 *   --alone       Baton only, and nothing is written: for work on the kernels
 *   --profile     also Baton's time, kernel by kernel
 *   --gpu         the machine's own GPU instead of the software adapter
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/dependencies.mjs';
import { openBench } from './browser.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    alone: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    gpu: { type: 'boolean', default: false },
  },
});
const rounds = Math.max(7, Number(values.rounds) || 9);

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

const ms = (x) => `${x.toFixed(1)} ms`;

function describe(name, times) {
  const { rounds: all, open, first } = times;
  const spread = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
  console.log(
    `${name.padEnd(8)} ${ms(median(all)).padStart(9)}  (${spread} over ${all.length} rounds; first step ${ms(first)}, with opening ${ms(open)})`,
  );
}

function printProfile(profile) {
  for (const [phase, { ms: total, method, labels }] of Object.entries(profile)) {
    console.log(`\n${phase}: ${ms(total)} by ${method}`);
    for (const l of labels) {
      const rate = `${l.gflops.toFixed(2)} GFLOP/s ${l.gbs.toFixed(2)} GB/s`;
      console.log(
        `  ${(l.ms > l.unseen ? l.ms.toFixed(2) : `< ${l.unseen.toFixed(2)}`).padStart(7)} ms  ${String(l.dispatches).padStart(2)} x ${l.label.padEnd(34)} ${l.kernel} (${l.variant})  ${rate}`,
      );
    }
  }
}

const bench = await openBench('train-step', { gpu: values.gpu });
try {
  const outcome = await bench.run({
    rounds,
    warmUp: 3,
    alone: values.alone,
    profile: values.profile,
  });
  const { ours, jax, phases, profile } = outcome;
  console.log(
    `adapter ${outcome.adapter}, ${outcome.parameters} parameters, first loss ${ours.firstLoss.toFixed(4)}, last ${ours.lastLoss.toFixed(4)}${jax ? ` (jax-js ${jax.firstLoss.toFixed(4)}, ${jax.lastLoss.toFixed(4)})` : ''}`,
  );
  describe('ours', ours);
  console.log(
    `         forward ${ms(phases.forward)}, backward ${ms(phases.backward)}, update ${ms(phases.update)}`,
  );
  if (jax) {
    describe('jax-js', jax);
    console.log(`ratio    ${(median(jax.rounds) / median(ours.rounds)).toFixed(2)} x`);
  }
  if (profile) printProfile(profile);
  if (jax) {
    const results = join(root, 'bench/results');
    mkdirSync(results, { recursive: true });
    const { adapter, parameters } = outcome;
    const record = {
      what: 'one training step, 512 tokens, AdamW',
      adapter,
      browser: bench.browser,
      cpu: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
      parameters,
      variants: outcome.variants,
      medians: { ours: median(ours.rounds), jax: median(jax.rounds) },
      ratio: median(jax.rounds) / median(ours.rounds),
      ours,
      phases,
      jax,
    };
    writeFileSync(join(results, 'train-step.json'), `${JSON.stringify(record, null, 2)}\n`);
  }
} finally {
  await bench.close();
}
