/** The kernels as a reader meets them: what each computes, its variants, the check that covers it and the work it is timed on. */
import type { Kernel } from '../../gpu/kernel.ts';
import { attentionCheck } from '../../kernels/attention/attention.check.ts';
import { attentionKernel } from '../../kernels/attention/attention.ts';
import { decodeAttentionCheck } from '../../kernels/attention/decode-attention.check.ts';
import { decodeAttentionKernel } from '../../kernels/attention/decode-attention.ts';
import type { KernelCheck } from '../../kernels/checking/check.ts';
import { embeddingCheck } from '../../kernels/embedding/embedding.check.ts';
import {
  embeddingBackwardKernel,
  embeddingForwardKernel,
} from '../../kernels/embedding/embedding.ts';
import { headCheck } from '../../kernels/head/head.check.ts';
import { tokenLogprobBackwardKernel, tokenLogprobKernel } from '../../kernels/head/head.ts';
import { matmulCheck } from '../../kernels/matmul/matmul.check.ts';
import { type MatmulForm, matmulKernel, packKernel } from '../../kernels/matmul/matmul.ts';
import { matmulFewCheck } from '../../kernels/matmul/matmul-few.check.ts';
import { adamWCheck } from '../../kernels/optimizer/adamw.check.ts';
import { adamWKernel, gradientNormKernel } from '../../kernels/optimizer/adamw.ts';
import { addPlanesCheck } from '../../kernels/reduce/add-planes.check.ts';
import { addPlanesKernel } from '../../kernels/reduce/add-planes.ts';
import { rmsNormCheck } from '../../kernels/rmsnorm/rmsnorm.check.ts';
import {
  columnSumsKernel,
  rmsNormBackwardKernel,
  rmsNormForwardKernel,
} from '../../kernels/rmsnorm/rmsnorm.ts';
import { ropeCheck } from '../../kernels/rope/rope.check.ts';
import { ropeKernel } from '../../kernels/rope/rope.ts';
import { gatherRowsCheck } from '../../kernels/rows/gather-rows.check.ts';
import { gatherRowsKernel } from '../../kernels/rows/gather-rows.ts';
import { decodeBeginCheck, sampleCheck } from '../../kernels/sample/sample.check.ts';
import { decodeBeginKernel, sampleKernel } from '../../kernels/sample/sample.ts';
import { swigluCheck } from '../../kernels/swiglu/swiglu.check.ts';
import { swigluKernel } from '../../kernels/swiglu/swiglu.ts';
import type { Sharing } from '../../kernels/tree/tree.ts';
import { valueCheck } from '../../kernels/value/value.check.ts';
import { valueBackwardKernel, valueForwardKernel } from '../../kernels/value/value.ts';
import {
  supportsVariant,
  VARIANTS,
  type VariantKernel,
  type VariantNeeds,
} from '../../kernels/variants.ts';
import { templatesOf } from './edits.ts';

export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly what: string;
  readonly formula: string;
  readonly check: KernelCheck;
  /** Cases of the check that reach this kernel; all where it is not given. */
  readonly covers?: (label: string) => boolean;
  /** The name under which its variant is chosen, where it has several. */
  readonly tuned?: VariantKernel;
  /** The name whose variant decides on the family of this one, where another does. */
  readonly follows?: VariantKernel;
  /** Its plainest form in a variant: one kernel for each name that it has in a recording. */
  readonly make: (variant: string) => readonly Kernel[];
}

/** The only variant of a kernel that has one. */
export const ONLY = 'plain';

const NO_EPILOGUE = { bias: false, residual: false, accumulate: false };
const HEAD = 16;
/** What the lanes of a row share through. Subgroups have the least size that an adapter can have. */
const sharing = (variant: string): Sharing | null => {
  if (variant === 'subgroups') return { variant, size: 4 };
  return variant === 'lanes' ? { variant } : null;
};
const row = (variant: string) => {
  const shared = sharing(variant);
  return shared && { lanes: 64, sharing: shared };
};
const way = (variant: string) => (variant === 'lanes' ? 'lanes' : 'scalar');

function product(form: MatmulForm, what: string, formula: string): Entry {
  return {
    id: `matmul-${form}`,
    group: 'Linear layers',
    what,
    formula,
    check: matmulCheck,
    covers: (label) => label.startsWith(`${form} `),
    tuned: `matmul-${form}`,
    make: (variant) => [
      matmulKernel(form, variant, NO_EPILOGUE),
      // Which of the two an operand takes depends on the form.
      ...(variant === 'octets' ? [packKernel(true), packKernel(false)] : []),
    ],
  };
}

function attention(
  id: 'attention-forward' | 'attention-backward-q' | 'attention-backward-kv',
  what: string,
  formula: string,
): Entry {
  const ways = VARIANTS[id];
  return {
    id,
    group: 'Attention',
    what,
    formula,
    check: attentionCheck,
    tuned: id,
    make: (variant) => [attentionKernel(id, ways.find((way) => way === variant) ?? 'scalar', HEAD)],
  };
}

export const ENTRIES: readonly Entry[] = [
  product(
    'nt',
    'Linear layers, forward: rows of x against rows of W.',
    'y[i,j] = Σₖ x[i,k] w[j,k]',
  ),
  {
    id: 'matmul-few',
    group: 'Linear layers',
    what: 'Linear layers, forward, of the few rows of a step of decoding.',
    formula: 'y[i,j] = Σₖ x[i,k] w[j,k]',
    check: matmulFewCheck,
    tuned: 'matmul-few',
    follows: 'matmul-nt',
    make: (variant) => [matmulKernel('nt', variant, NO_EPILOGUE, { few: true })],
  },
  product('nn', 'Linear layers, gradient of the input.', 'dx[i,j] = Σₖ dy[i,k] w[k,j]'),
  product('tn', 'Linear layers, gradient of the weights.', 'dw[i,j] = Σₖ dy[k,i] x[k,j]'),
  {
    id: 'add-planes',
    group: 'Linear layers',
    what: 'Adds up the partial sums of a long product, in fixed order.',
    formula: 'c[i] = Σₚ plane[p,i]',
    check: addPlanesCheck,
    make: () => [addPlanesKernel(false)],
  },
  attention(
    'attention-forward',
    'Causal attention with an online softmax: no matrix of scores is kept.',
    'o = softmax(q kᵀ / √d) v',
  ),
  attention(
    'attention-backward-q',
    'Gradient of the queries; probabilities are computed again from the log-sum-exp.',
    'dq = p ∘ (dO vᵀ − δ) k / √d',
  ),
  attention(
    'attention-backward-kv',
    'Gradients of keys and values.',
    'dv = pᵀ dO,  dk = (p ∘ (dO vᵀ − δ))ᵀ q / √d',
  ),
  {
    id: 'decode-attention',
    group: 'Attention',
    what: 'Attention of one new token per sequence over its cache of keys and values.',
    formula: 'o = softmax(q kᵀ / √d) v',
    check: decodeAttentionCheck,
    tuned: 'decode-attention',
    make: (variant) => [decodeAttentionKernel(HEAD, sharing(variant))],
  },
  {
    id: 'token-logprob',
    group: 'Head',
    what: 'Log-probability of each target token and entropy of each row.',
    formula: 'ℓ = z[t] − log Σⱼ exp z[j]',
    check: headCheck,
    tuned: 'token-logprob',
    make: (variant) => [tokenLogprobKernel(row(variant))],
  },
  {
    id: 'token-logprob-backward',
    group: 'Head',
    what: 'Gradient of the logits from one coefficient per token.',
    formula: 'dz[j] = c (1[j = t] − p[j])',
    check: headCheck,
    tuned: 'token-logprob-backward',
    make: (variant) => [tokenLogprobBackwardKernel(way(variant))],
  },
  {
    id: 'sample',
    group: 'Head',
    what: 'Draws the next token of every sequence, with counted noise.',
    formula: 'token = argmaxⱼ (z[j] / T + Gumbel[j])',
    check: sampleCheck,
    tuned: 'sample',
    make: (variant) => [sampleKernel(false, row(variant))],
  },
  {
    id: 'decode-begin',
    group: 'Head',
    what: 'Prepares the next position of every sequence that goes on.',
    formula: 'position = length,  length += 1',
    check: decodeBeginCheck,
    make: () => [decodeBeginKernel()],
  },
  {
    id: 'rmsnorm-forward',
    group: 'Rows',
    what: 'Divides a row by its root mean square and scales it.',
    formula: 'y = g ∘ x / √(mean(x²) + ε)',
    check: rmsNormCheck,
    tuned: 'rmsnorm-forward',
    make: (variant) => [rmsNormForwardKernel(row(variant))],
  },
  {
    id: 'rmsnorm-backward',
    group: 'Rows',
    what: 'Gradient of the normalised row’s input.',
    formula: 'dx = r (g ∘ dy − x r² mean(g ∘ dy ∘ x))',
    check: rmsNormCheck,
    tuned: 'rmsnorm-backward',
    make: (variant) => [rmsNormBackwardKernel(false, row(variant))],
  },
  {
    id: 'column-sums',
    group: 'Rows',
    what: 'Gradients of gains and biases: sums over all rows.',
    formula: 'dg[j] = Σᵢ dy[i,j] x[i,j] r[i]',
    check: rmsNormCheck,
    tuned: 'column-sums',
    make: (variant) => [
      columnSumsKernel(true, way(variant)),
      columnSumsKernel(false, way(variant)),
    ],
  },
  {
    id: 'rope',
    group: 'Rows',
    what: 'Turns pairs of numbers by an angle that grows with the position; undone in the gradient. While sampling it also puts keys and values into the cache.',
    formula: '(a, b) → (a cos θ − b sin θ, a sin θ + b cos θ)',
    check: ropeCheck,
    make: () => [ropeKernel(false, 4), ropeKernel(true, 4), ropeKernel(false, 4, true)],
  },
  {
    id: 'swiglu-forward',
    group: 'Rows',
    what: 'The gate of the feed-forward layer.',
    formula: 'h = g / (1 + exp(−g)) ∘ u',
    check: swigluCheck,
    make: () => [swigluKernel('forward')],
  },
  {
    id: 'swiglu-backward',
    group: 'Rows',
    what: 'Gradients of gate and up.',
    formula: 'du = dh ∘ silu(g),  dg = dh ∘ u ∘ silu′(g)',
    check: swigluCheck,
    make: () => [swigluKernel('backward')],
  },
  {
    id: 'embedding-forward',
    group: 'Rows',
    what: 'Looks up the row of each token.',
    formula: 'x[i] = E[token[i]]',
    check: embeddingCheck,
    make: () => [embeddingForwardKernel()],
  },
  {
    id: 'embedding-backward',
    group: 'Rows',
    what: 'Adds the gradients of equal tokens, in fixed order.',
    formula: 'dE[t] = Σ dx[i] over token[i] = t',
    check: embeddingCheck,
    make: () => [embeddingBackwardKernel()],
  },
  {
    id: 'gather-rows',
    group: 'Rows',
    what: 'Copies the rows that the output head needs, and what generation has kept for training.',
    formula: 'y[i] = x[index[i]]',
    check: gatherRowsCheck,
    make: () => [gatherRowsKernel()],
  },
  {
    id: 'value-forward',
    group: 'Critic',
    what: 'PPO’s critic: one linear unit on a token’s hidden row.',
    formula: 'V[i] = w · h[i] + b',
    check: valueCheck,
    make: () => [valueForwardKernel()],
  },
  {
    id: 'value-backward',
    group: 'Critic',
    what: 'Gradients of the critic and of the row below it.',
    formula: 'dw = Σᵢ dV[i] h[i],  dh[i] = dV[i] w',
    check: valueCheck,
    make: () => [valueBackwardKernel('head'), valueBackwardKernel('trunk')],
  },
  {
    id: 'adamw',
    group: 'Optimiser',
    what: 'One AdamW update of every parameter, with weight decay apart from the gradient.',
    formula: 'θ −= η (m̂ / (√v̂ + ε) + λ θ)',
    check: adamWCheck,
    make: () => [adamWKernel()],
  },
  {
    id: 'gradient-norm',
    group: 'Optimiser',
    what: 'Length of the whole gradient, for clipping, in two stages of fixed order.',
    formula: '‖g‖ = √(Σᵢ g[i]²)',
    check: adamWCheck,
    tuned: 'gradient-norm',
    make: (variant) => [
      gradientNormKernel(1, sharing(variant)),
      gradientNormKernel(2, sharing(variant)),
    ],
  },
];

export function variantsOf(entry: Entry): readonly string[] {
  return entry.tuned ? VARIANTS[entry.tuned] : [ONLY];
}

/** The cases of a kernel's check that reach it. */
export function casesOf(entry: Entry) {
  const { covers } = entry;
  return covers ? entry.check.cases.filter(({ label }) => covers(label)) : entry.check.cases;
}

/** @throws RangeError where there is no such kernel */
export function entryOf(id: string): Entry {
  const entry = ENTRIES.find((known) => known.id === id);
  if (!entry) throw new RangeError(`There is no kernel ${id}`);
  return entry;
}

/** A kernel in one of its variants. */
export interface EntryVariant {
  readonly entry: Entry;
  readonly variant: string;
}

/** Every kernel and variant that is made of a template and that a device can run. */
export function madeOf(template: string, device: VariantNeeds): EntryVariant[] {
  return ENTRIES.flatMap((entry) =>
    variantsOf(entry)
      .filter((variant) => supportsVariant(device, variant))
      .filter((variant) => templatesOf(() => entry.make(variant)).includes(template))
      .map((variant) => ({ entry, variant })),
  );
}
