/**
 * Matrix products in the three forms that a transformer's forward and backward need, with weights stored [out, in].
 * @see matmul-scalar.wgsl for shapes, bindings and accuracy.
 */
import type { Profile } from '../../gpu/adapter.ts';
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl, type TemplateConstants } from '../../gpu/wgsl-template.ts';
import { recordAddPlanes } from '../reduce/add-planes.ts';
import { loadTemplate } from '../templates.ts';
import { LEAST_SUBGROUP, leastSubgroup } from '../tree/tree.ts';
import { chooseVariant, familyOf } from '../variants.ts';
import { gradientPiecesOf, type Part, piecesOf } from './pieces.ts';

const few = loadTemplate('matmul/matmul-few.wgsl');
const lanes = loadTemplate('matmul/matmul-lanes.wgsl');
const octets = loadTemplate('matmul/matmul-octets.wgsl');
const pack = loadTemplate('matmul/matmul-pack.wgsl');
const quads = loadTemplate('matmul/matmul-quads.wgsl');
const scalar = loadTemplate('matmul/matmul-scalar.wgsl');
const subgroups = loadTemplate('matmul/matmul-subgroups.wgsl');

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
  /** Copies the operands into panels first, in variants that can. Where this is not given, large products do. */
  readonly packed?: boolean;
  /** Floating-point operations of the longest dispatch; by the device's profile where left out. */
  readonly most?: number;
  readonly label?: string;
}

interface Epilogue {
  readonly bias: boolean;
  readonly residual: boolean;
  readonly accumulate: boolean;
}

const FORMS: Record<MatmulForm, number> = { nt: 0, nn: 1, tn: 2 };

interface Way {
  /** The operands stand in panels: @see matmul-pack.wgsl */
  readonly packed?: boolean;
  /** The least number of lanes that a subgroup has, a power of two: for the variant `subgroups`. */
  readonly subgroup?: number;
  /** Whether there are few rows: @see FEW_ROWS */
  readonly few?: boolean;
  /** Whether there are many rows: @see MANY_ROWS */
  readonly many?: boolean;
}

interface Tiling {
  readonly template: string;
  readonly constants: TemplateConstants;
  /** Rows and columns of C that one workgroup computes. */
  readonly tile: readonly [number, number];
}

/** Ways of cutting C, by variant. The larger tiles do more with what they load, the smaller ones fill the machine sooner. */
const TILINGS: Readonly<Record<string, Tiling>> = {
  scalar: { template: scalar, constants: { R: 8, C: 8, T: 8 }, tile: [64, 64] },
  quads: quadTiling(16, 4, 4, 1),
  // Decoding has nt products alone, of 16 rows and more.
  'quads nt': quadTiling(16, 4, 1, 1),
  'quads tn': quadTiling(32, 4, 2, 1),
  // These load less for a product, but take five times as long to compile, so the first step goes without them.
  'quads nt many': quadTiling(32, 8, 1, 2),
  'quads nn many': quadTiling(32, 8, 1, 2),
  'quads tn many': quadTiling(32, 8, 1, 8),
  octets: octetTiling(16, 4),
  'octets nt': octetTiling(8, 8),
  'octets tn': octetTiling(16, 8),
  // The loop of a larger nt or nn tile is about as long as the instruction cache (32 KiB), and takes twice as long to compile.
  'octets nt packed': octetTiling(16, 8),
  'octets nn packed': octetTiling(12, 8),
  'octets tn packed': octetTiling(16, 8),
  lanes: laneTiling(16, 16),
  lanes32: laneTiling(8, 16),
  'lanes32-k8': laneTiling(8, 8),
  'lanes32-k32': laneTiling(8, 32),
  // Registers alone, few enough of them for a GPU, and sums in the order of `lanes`.
  'lanes-direct': {
    template: scalar,
    constants: { R: 4, C: 4, T: 16, DOT: 0 },
    tile: [64, 64],
  },
  lanes16: { template: few, constants: { K: 64 }, tile: [16, 16] },
};

/** A workgroup is H quads, each of R x 4C numbers; a turn of the loop takes U steps. */
function quadTiling(R: number, C: number, H: number, U: number): Tiling {
  return { template: quads, constants: { R, C, H, U }, tile: [H * R, 4 * C] };
}

function octetTiling(R: number, C: number): Tiling {
  return { template: octets, constants: { R, C }, tile: [2 * R, 4 * C] };
}

/** A workgroup is T x T lanes, and takes K along k at a time. */
function laneTiling(T: number, K: number): Tiling {
  return { template: lanes, constants: { T, K }, tile: [4 * T, 4 * T] };
}

/** A workgroup is 8 x 8 lanes of R x 4 outputs, cut into grids of as many lanes as a subgroup has at least. */
function subgroupTiling(size: number, R: number): Tiling {
  const lanes = Math.min(size, 64);
  const W = 2 ** Math.ceil(Math.log2(lanes) / 2);
  const H = lanes / W;
  const P = Math.min(H, 4);
  // A, B: vectors of each that a lane loads, its share of what its row and its column of the grid need.
  const constants = { R, W, H, P, A: (R * P) / W, B: (4 * P) / H };
  return { template: subgroups, constants, tile: [8 * R, 32] };
}

function tilingOf(form: MatmulForm, variant: string, way: Way = {}): Tiling {
  const { packed, subgroup, few, many } = way;
  if (variant === 'subgroups') return subgroupTiling(subgroup ?? LEAST_SUBGROUP, few ? 2 : 8);
  const own = `${variant} ${form}`;
  const tiling =
    (packed && TILINGS[`${own} packed`]) ||
    (many && TILINGS[`${own} many`]) ||
    TILINGS[own] ||
    TILINGS[variant];
  if (!tiling) throw new RangeError(`matmul has no variant ${variant}`);
  return tiling;
}

/** Whether one text serves with and without a residual: it takes long to compile, and a decoder needs both before its first token. */
const isOpen = (form: MatmulForm, variant: string) => variant === 'quads' && form === 'nt';

/** The kernel of one form and variant: @see variants.ts */
export function matmulKernel(
  form: MatmulForm,
  variant: string,
  epilogue: Epilogue,
  way: Way = {},
): Kernel {
  const { template, constants } = tilingOf(form, variant, way);
  const open = isOpen(form, variant);
  const residual = epilogue.residual || open;
  const source = expandWgsl(template, {
    DOT: Number(form === 'nt'),
    ...constants,
    PACKED: Number(way.packed ?? false),
    FORM: FORMS[form],
    BIAS: Number(epilogue.bias),
    RESIDUAL: Number(residual),
    OPEN: Number(open),
    ACCUMULATE: Number(epilogue.accumulate),
  });
  const bindings: ('read' | 'write')[] = ['read', 'read', 'write'];
  if (epilogue.bias) bindings.push('read');
  if (residual) bindings.push('read');
  return { name: way.few ? 'matmul-few' : `matmul-${form}`, variant, source, bindings };
}

/** Copies an operand into panels. @param rows whether its rows run along k @see matmul-pack.wgsl */
export function packKernel(rows: boolean): Kernel {
  const source = expandWgsl(pack, { ROWS: Number(rows) });
  return { name: 'matmul-pack', variant: 'scalar', source, bindings: ['read', 'write'] };
}

/**
 * Products whose three sizes are all at least this pay for panels: copies included, they save 0 to 23 % at 1,024 and 20 to 37 % at 2,048
 * (lavapipe).
 */
const PACKED_FROM = 1024;

/** Tiles that keep a machine busy. A processor has few cores, and adding planes up is expensive there. */
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

/** Products nt of at most this many rows, as in decoding, have a choice of variant of their own: `matmul-few`. */
export const FEW_ROWS = 64;

/** From so many rows on (of a product tn: terms of a sum) `quads` takes larger tiles. */
const MANY_ROWS = 128;

/** Larger tiles take eight terms a turn, so they need a multiple of eight. */
function areMany(form: MatmulForm, { m, k }: MatmulShape): boolean {
  return (form === 'tn' ? k : m) >= MANY_ROWS && k % 8 === 0;
}

/**
 * The variant of a product, and whether it is the one for few rows. A row must not depend on how many there are, so few rows never leave
 * the family in which many are computed, whatever was set.
 */
function choiceFor(gpu: Gpu, form: MatmulForm, m: number): { variant: string; few: boolean } {
  const variant = chooseVariant(gpu, `matmul-${form}`);
  if (form !== 'nt' || m > FEW_ROWS || !gpu.variants.has('matmul-few'))
    return { variant, few: false };
  const own = chooseVariant(gpu, 'matmul-few');
  return familyOf(own) === familyOf(variant)
    ? { variant: own, few: true }
    : { variant, few: false };
}

/** Records C = op(A) op(B) with its epilogue. */
export function recordMatmul(recorder: Recorder, form: MatmulForm, options: MatmulOptions): void {
  checkShape(form, options);
  const { m, n, k, bias, residual, accumulate = false, planes } = options;
  const { profile } = recorder.gpu.info;
  const planeCount = form === 'tn' && planes ? planesOf(options, profile) : 1;
  if (planeCount === 1 || !planes) {
    recordProduct(recorder, form, options, { slice: k, slices: 1 });
    return;
  }
  // Every plane would add it once.
  if (bias || residual) throw new RangeError('matmul-tn: no bias or residual with planes');
  // Slices of a multiple of 16 give the tiled variants and the plain one the same split.
  const slice = Math.ceil(k / planeCount / 16) * 16;
  const slices = Math.ceil(k / slice);
  recordProduct(recorder, form, { ...options, c: planes, accumulate: false }, { slice, slices });
  recordAddPlanes(recorder, {
    planes,
    target: options.c,
    count: m * n,
    planeCount: slices,
    accumulate,
  });
}

/** How the sums of a product are split: each slice of k has a plane of its own in C. */
interface Split {
  readonly slice: number;
  readonly slices: number;
}

function recordProduct(
  recorder: Recorder,
  form: MatmulForm,
  options: MatmulOptions,
  split: Split,
): void {
  const { profile } = recorder.gpu.info;
  if (form !== 'tn') {
    for (const piece of piecesOf(options, profile, options.most))
      recordPiece(recorder, form, piece, split);
    return;
  }
  const { variant } = choiceFor(recorder.gpu, form, options.m);
  const [tile] = tilingOf(form, variant, { many: areMany(form, options) }).tile;
  for (const piece of gradientPiecesOf(options, profile, tile, options.most))
    recordPiece(recorder, form, piece, split);
}

function recordPiece(
  recorder: Recorder,
  form: MatmulForm,
  options: Part<MatmulOptions>,
  { slice, slices }: Split,
): void {
  const { m, n, k, a, b, c, bias, residual, accumulate = false, rows = m } = options;
  const { variant, few } = choiceFor(recorder.gpu, form, m);
  const packed =
    `${variant} ${form} packed` in TILINGS &&
    rows === m &&
    (options.packed ?? Math.min(m, n, k) >= PACKED_FROM);
  const way = { packed, few, many: areMany(form, options), subgroup: leastSubgroup(recorder.gpu) };
  const { tile } = tilingOf(form, variant, way);
  const bind = [...(packed ? recordPanels(recorder, form, options, tile) : [a, b]), c];
  if (bias) bind.push(bias);
  // Something has to stand in the place of what is not read.
  if (residual || isOpen(form, variant)) bind.push(residual ?? a);
  const epilogue = { bias: bias !== undefined, residual: residual !== undefined, accumulate };
  const computed = (by: Way) => {
    const [high, wide] = tilingOf(form, variant, by).tile;
    const grid = [Math.ceil(n / wide), Math.ceil(rows / high), slices] as const;
    return { kernel: matmulKernel(form, variant, epilogue, by), grid };
  };
  recorder.add({
    ...computed(way),
    ...(`${variant} ${form} many` in TILINGS &&
      way.many && { meanwhile: computed({ ...way, many: false }) }),
    words: { u32: [m, n, k, slice, Number(residual !== undefined)] },
    bind,
    flop: 2 * rows * n * k,
    bytes: bytesOf(a, rows * k) + bytesOf(b, n * k) + bytesOf(c, rows * n),
    label: options.label ?? `matmul-${form}`,
  });
}

/** Records the copies of both operands into panels as high as the tile, and returns the panels. */
function recordPanels(
  recorder: Recorder,
  form: MatmulForm,
  { m, n, k, a, b, label = `matmul-${form}` }: MatmulOptions,
  tile: readonly [number, number],
): Slice[] {
  const operands = [
    { slice: a, lines: m, rows: form !== 'tn', high: tile[0] },
    { slice: b, lines: n, rows: form === 'nt', high: tile[1] },
  ].map((operand) => {
    const panels = Math.ceil(operand.lines / operand.high);
    return { ...operand, panels, size: 4 * panels * operand.high * k };
  });
  // A binding has to begin at a multiple of 256 bytes.
  const begin = Math.ceil(operands[0].size / 256) * 256;
  const { buffer } = recorder.scratch(begin + operands[1].size);
  return operands.map(({ slice, lines, rows, high, panels, size }, i) => {
    const target = { buffer, offset: i * begin, size };
    const steps = rows ? k / 4 : k;
    recorder.add({
      kernel: packKernel(rows),
      words: { u32: rows ? [steps, lines, high] : [steps, lines / 4, high / 4] },
      bind: [slice, target],
      grid: [Math.ceil(steps / 64), panels],
      bytes: bytesOf(slice, lines * k) + size,
      label,
    });
    return target;
  });
}

function checkShape(form: MatmulForm, { m, n, k }: MatmulShape): void {
  if (n % 4 !== 0) throw new RangeError(`matmul-${form}: n is ${n}, not a multiple of 4`);
  if (form !== 'tn' && k % 4 !== 0)
    throw new RangeError(`matmul-${form}: k is ${k}, not a multiple of 4`);
  if (form === 'tn' && m % 4 !== 0)
    throw new RangeError(`matmul-${form}: m is ${m}, not a multiple of 4`);
}
