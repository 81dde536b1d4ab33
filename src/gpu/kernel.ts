/** A compute shader, and a dispatch of it that is ready to run. */

/** One compute shader with the access of its storage bindings (binding 1 and up; binding 0 is the uniform block). */
export interface Kernel {
  readonly name: string;
  /** Which way of computing it this is: `scalar`, `lanes`, ... */
  readonly variant: string;
  /** WGSL with entry point `main`, template expanded. */
  readonly source: string;
  readonly bindings: readonly ('read' | 'write')[];
}

/** A dispatch ready to encode. */
export interface Step {
  readonly label: string;
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Workgroups in x, y, z. */
  readonly grid: readonly [number, number, number];
  readonly flop: number;
  readonly bytes: number;
}

/** What a device replays: dispatches in their order. */
export interface Steps {
  readonly steps: readonly Step[];
}

export function encodeStep(pass: GPUComputePassEncoder, { pipeline, group, grid }: Step): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...grid);
}

/** Launching a dispatch costs about as much as this many operations (35 µs at 2 GFLOP/s on a software adapter). */
const LAUNCH_WORK = 70_000;

/** Work of a step in the pacer's units: operations, or memory traffic where that dominates. */
export function workOf(step: Step): number {
  return Math.max(step.flop, step.bytes / 2) + LAUNCH_WORK;
}
