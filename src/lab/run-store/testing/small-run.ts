/** Tests only: a run that trains nothing, and the moments that it would hand over to be kept. */
import { defaultExperiment } from '../../../rl/experiment/schema.ts';
import type { Manifest, SampleGroup } from '../../../rl/records.ts';
import type { RunState } from '../../../rl/run/runner.ts';
import type { LabEvent } from '../../protocol.ts';
import { RunLog } from '../run-log.ts';
import type { About } from '../seal.ts';
import type { RunMoment } from '../seal-writer.ts';

export const ABOUT: About = {
  title: 'Chain',
  preset: 'chain-minute',
  created: '2026-11-30T03:00:00.000Z',
};

export const experiment = defaultExperiment();

const manifest: Manifest = {
  ...{ version: 1, experiment, experiment_hash: 'e'.repeat(64) },
  ...{ build: '0.1.0+test', adapter: 'google swiftshader', features: [] },
  ...{ variants: { default: 'scalar' }, policy_hash: 'f'.repeat(64), plan: {} },
};

/** Floats of each part of the state. */
export const FLOATS = 40;

const hashAt = (step: number) => step.toString(16).padStart(64, '0');

/** The parameters of the run at a step: no two steps have the same. */
export const parametersAt = (step: number) =>
  Float32Array.from({ length: FLOATS }, (_, i) => Math.fround(Math.sin(i + step)));

export function stateAt(step: number): RunState {
  const zeros = () => new Float32Array(FLOATS);
  const files = new Map([
    ...[['parameters', parametersAt(step)] as const],
    ...(['m', 'v'] as const).map((name) => [name, zeros()] as const),
  ]);
  return { step, num_tokens: 10 * step, files };
}

const samplesAt = (step: number): SampleGroup[] => [
  { step, question: `question ${step}`, prompt: 'p', completions: [] },
];

/** A run and its log. */
export class SmallRun {
  readonly log = new RunLog();
  readonly begun = { label: 'Chain', apart: [], experiment };
  step = 0;
  #state = stateAt(0);

  constructor() {
    this.log.note({ type: 'manifest', runId: 'run', manifest });
  }

  /** Does steps up to this one, and tells them. */
  to(step: number): void {
    while (this.step < step) {
      this.step += 1;
      this.log.note(stepEvent(this.step));
    }
    this.#state = stateAt(this.step);
  }

  get moment(): RunMoment {
    const { step } = this;
    const hash = step === 0 ? '' : hashAt(step);
    return { step, experiment, state: this.#state, hash, manifest, mark: this.log.mark };
  }
}

export function stepEvent(step: number, reward = step / 100): LabEvent {
  return {
    ...{ type: 'step', runId: 'run', gpuBytes: 0, hash: hashAt(step) },
    metrics: { step, reward },
    timings: { step, step_time: 1, phases: {}, tokens_per_second: {} },
    samples: samplesAt(step),
  };
}
