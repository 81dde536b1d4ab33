/** Does the work of the table one piece after the other, in a page or in Node. */
import type { Gpu } from '../../src/gpu/gpu.ts';
import { type Ceilings, measureCeilings } from './ceilings.ts';
import type { Outcome } from './contestant.ts';
import { measure } from './measure.ts';
import type { WorkOptions } from './peers.ts';
import { works } from './works.ts';

export interface BenchReport {
  readonly adapter: string;
  readonly software: boolean;
  readonly features: readonly string[];
  readonly variants: Readonly<Record<string, string>>;
  readonly ceilings: Ceilings;
  /** The fastest matrix product in the table, GFLOP/s; 0 if none was measured. */
  readonly bestMatmul: number;
  readonly outcomes: readonly Outcome[];
  readonly seconds: number;
}

export interface BenchOptions extends WorkOptions {
  readonly rounds: number;
  /** Only work whose name contains this. */
  readonly named?: string;
  readonly log: (line: string) => void;
  /** Ends the bench after the current piece of work. */
  readonly signal?: AbortSignal;
}

/** Calls `progress` with the report so far, after every piece of work. */
export async function bench(
  options: BenchOptions,
  progress: (report: BenchReport) => void = () => {},
): Promise<BenchReport> {
  const { gpu, clock, log, rounds } = options;
  const from = clock();
  const ceilings = await measureCeilings(gpu, clock);
  log(
    `ceilings: ${ceilings.arithmetic.toPrecision(3)} GFLOP/s, ${ceilings.copy.toPrecision(3)} GB/s`,
  );
  const outcomes: Outcome[] = [];
  const report = () => reportOf(gpu, ceilings, outcomes, (clock() - from) / 1000);
  for await (const work of works(options, ceilings)) {
    if (!work.name.includes(options.named ?? '')) continue;
    const began = clock();
    const outcome = await measure(work, { clock, rounds, log });
    outcomes.push(outcome);
    log(`${outcome.group}: ${outcome.name} (${((clock() - began) / 1000).toFixed(1)} s)`);
    for (const { name, median, ratio, note } of outcome.rows) {
      const time = median === undefined ? (note ?? '') : `${median.toFixed(2)} ms`;
      log(`  ${name.padEnd(24)} ${time}${ratio === undefined ? '' : ` ${ratio.toFixed(2)} x`}`);
    }
    progress(report());
    if (options.signal?.aborted) break;
  }
  return report();
}

function reportOf(gpu: Gpu, ceilings: Ceilings, outcomes: Outcome[], seconds: number): BenchReport {
  const products = outcomes.filter(({ group }) => group === 'matmul');
  // WebAssembly does not run on the adapter.
  const rates = products.flatMap(({ rows }) =>
    rows.filter(({ name }) => !name.includes('WebAssembly')).map(({ gflops }) => gflops ?? 0),
  );
  return {
    adapter: gpu.info.name,
    software: gpu.info.software,
    features: gpu.info.features,
    variants: Object.fromEntries(gpu.variants),
    ceilings,
    bestMatmul: Math.max(0, ...rates),
    outcomes: [...outcomes],
    seconds,
  };
}
