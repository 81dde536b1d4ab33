/**
 * Matrix products in the three forms that a transformer's forward and backward need, with weights stored [out, in].
 * @see matmul-scalar.wgsl for shapes, bindings and accuracy.
 */
import type { Profile } from '../../gpu/adapter.ts';
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel, Recorder } from '../../gpu/recording.ts';
import { expandWgsl, type TemplateConstants } from '../../gpu/wgsl-template.ts';
import { recordAddPlanes } from '../reduce/add-planes.ts';
import { chooseVariant } from '../variants.ts';
import lanes from './matmul-lanes.wgsl?raw';
import quads from './matmul-quads.wgsl?raw';
import scalar from './matmul-scalar.wgsl?raw';

export type MatmulForm = 'nt' | 'nn' | 'tn';

export interface MatmulShape {
  /** Rows of the result. */
  readonly m: number;
  /** Columns of the result, a multiple of 4. */
  readonly n: number;
  /** Length of each sum: a multiple of 4 for nt and nn. */
  readonly k: number;
}

export interface MatmulOptions extends MatmulShape {
  readonly a: Slice;
  readonly b: Slice;
  readonly c: Slice;
  /** Adds a row of n numbers to every row. */
  readonly bias?: Slice;
  /** Adds an [m, n] matrix: the residual stream. */
  readonly residual?: Slice;
  /** Adds to what C holds instead of replacing it. */
  readonly accumulate?: boolean;
  /** Room for partial sums of a long tn product, see `planesOf`; without it the sum is not split. */
  readonly planes?: Slice;
  readonly label?: string;
}

interface Epilogue {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly accumulate: boolean;
}

const FORMS: Record<MatmulForm, number> = { nt: 0, nn: 1, tn: 2 };

interface Tiling {
  readonly template: string;
  readonly constants: TemplateConstants;
  /** Rows and columns of C that one workgroup computes. */
  readonly tile: readonly [number, number];
}

/** Ways of cutting C, by variant. The larger tiles do more with what they load, the smaller ones fill the machine sooner. */
const TILINGS: Readonly<Record<string, Tiling>> = {
  scalar: { template: scalar, constants: { R: 8, C: 8 }, tile: [64, 64] },
  quads: { template: quads, constants: { R: 16, C: 4 }, tile: [64, 16] },
  // A tn product touches every sum once for each k, so it wants more sums for what it loads.
  'quads tn': { template: quads, constants: { R: 32, C: 4 }, tile: [64, 16] },
  lanes: { template: lanes, constants: { T: 16 }, tile: [64, 64] },
  lanes32: { template: lanes, constants: { T: 8 }, tile: [32, 32] },
};

function tilingOf(form: MatmulForm, variant: string): Tiling {
  const tiling = TILINGS[`${variant} ${form}`] ?? TILINGS[variant];
  if (!tiling) throw new RangeError(`matmul has no variant ${variant}`);
  return tiling;
}

/** The kernel of one form and variant: @see variants.ts */
export function matmulKernel(form: MatmulForm, variant: string, epilogue: Epilogue): Kernel {
  const { template, constants } = tilingOf(form, variant);
  const source = expandWgsl(template, {
    ...constants,
    FORM: FORMS[form],
    BIAS: Number(epilogue.bias),
    RESIDUAL: Number(epilogue.residual),
    ACCUMULATE: Number(epilogue.accumulate),
  });
  const bindings: ('read' | 'write')[] = ['read', 'read', 'write'];
  if (epilogue.bias) bindings.push('read');
  if (epilogue.residual) bindings.push('read');
  return { name: `matmul-${form}`, variant, source, bindings };
}

/** Tiles that keep a machine busy: a processor has few cores, and adding planes up is dear there. */
const BUSY = { scalar: 8, lanes: 32 } as const;

/**
 * Sums of one tn product are split into this many planes, so that a small result of a long sum still fills the machine. The GPU
 * profile never needs fewer planes than the software profile.
 */
export function planesOf({ m, n, k }: MatmulShape, profile: Profile): number {
  const tiles = Math.ceil(m / 64) * Math.ceil(n / 64);
  const wanted = Math.ceil(BUSY[profile] / tiles);
  return Math.max(1, Math.min(wanted, Math.floor(k / 128), 32));
}

/** Records C = op(A) op(B) with its epilogue. */
export function recordMatmul(recorder: Recorder, form: MatmulForm, options: MatmulOptions): void {
  const { m, n, k, a, b, bias, residual, accumulate = false } = options;
  checkShape(form, options);
  const planes = form === 'tn' && options.planes ? planesOf(options, recorder.gpu.info.profile) : 1;
  const split = planes > 1 && options.planes !== undefined;
  // Every plane would add it once.
  if (split && (bias || residual))
    throw new RangeError('matmul-tn: no bias or residual with planes');
  const c = split && options.planes ? options.planes : options.c;
  const variant = chooseVariant(recorder.gpu, `matmul-${form}`);
  const [tileRows, tileColumns] = tilingOf(form, variant).tile;
  const bind = [a, b, c];
  if (bias) bind.push(bias);
  if (residual) bind.push(residual);
  // A slice boundary on a multiple of 16 keeps the tiled and the plain variant on the same split.
  const slice = split ? Math.ceil(k / planes / 16) * 16 : k;
  const used = split ? Math.ceil(k / slice) : 1;
  recorder.add({
    kernel: matmulKernel(form, variant, {
      bias: bias !== undefined,
      residual: residual !== undefined,
      accumulate: accumulate && !split,
    }),
    words: { u32: [m, n, k, slice] },
    bind,
    grid: [Math.ceil(n / tileColumns), Math.ceil(m / tileRows), used],
    flop: 2 * m * n * k,
    bytes: bytesOf(a, m * k) + bytesOf(b, n * k) + bytesOf(c, m * n),
    label: options.label ?? `matmul-${form}`,
  });
  if (split)
    recordAddPlanes(recorder, {
      planes: c,
      target: options.c,
      count: m * n,
      planeCount: used,
      accumulate,
    });
}

function checkShape(form: MatmulForm, { m, n, k }: MatmulShape): void {
  if (n % 4 !== 0) throw new RangeError(`matmul-${form}: n is ${n}, not a multiple of 4`);
  if (form !== 'tn' && k % 4 !== 0)
    throw new RangeError(`matmul-${form}: k is ${k}, not a multiple of 4`);
  if (form === 'tn' && m % 4 !== 0)
    throw new RangeError(`matmul-${form}: m is ${m}, not a multiple of 4`);
}
