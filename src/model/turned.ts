/**
 * Weights turned round for the products of the forward pass. They are stored [out, in], as checkpoints are, so a forward product has the form nt. On
 * software adapters nn is faster, because it loads fewer vectors; so there every pass begins by turning the weights, which costs far less than it saves.
 * docs/performance.md has the measurements.
 */
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Recorder } from '../gpu/recording.ts';
import { type MatmulOptions, recordMatmul } from '../kernels/matmul/matmul.ts';
import { recordTranspose } from '../kernels/transpose/transpose.ts';
import type { LayerParameters, Matrix, ParameterLayout } from './parameters.ts';

const matricesOf = ({ qkv, o, gateUp, down }: LayerParameters) => [qkv, o, gateUp, down];

/** Where a layer's products read their weights. */
export interface ForwardWeights {
  readonly parameters: Slice;
  /** The layers' matrices [in, out], each where it lies in the parameters; null where products read those. */
  readonly turned: Slice | null;
}

/** Room for the layers' matrices turned round, where the adapter gains from it. @param half as the parameters are stored */
export function allocateTurned(
  memory: Memory,
  { layers }: ParameterLayout,
  half = false,
): Slice | null {
  if (memory.profile !== 'scalar') return null;
  const ends = layers.flatMap(matricesOf).map(({ offset, size }) => offset + size);
  return memory.allocateNumbers('turned weights', Math.max(...ends), half);
}

/** Records that all matrices are turned round. To be recorded before the first product of a pass. */
export function recordTurned(
  recorder: Recorder,
  { layers }: ParameterLayout,
  { parameters, turned }: ForwardWeights,
): void {
  if (!turned) return;
  for (const { offset, size, rows, cols: columns } of layers.flatMap(matricesOf)) {
    const [x, y] = [floats(parameters, offset, size), floats(turned, offset, size)];
    recordTranspose(recorder, { rows, columns, x, y });
  }
}

/** Records C = A W^T, for a matrix W [out, in] of the parameters. */
export function recordForwardProduct(
  recorder: Recorder,
  { parameters, turned }: ForwardWeights,
  { offset, size, rows: n, cols: k }: Matrix,
  options: Omit<MatmulOptions, 'n' | 'k' | 'b'>,
): void {
  const b = floats(turned ?? parameters, offset, size);
  recordMatmul(recorder, turned ? 'nn' : 'nt', { ...options, n, k, b });
}
