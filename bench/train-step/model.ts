/** The model, the batch and the optimiser that every contestant trains: 139,584 parameters, 8 sequences of 64 tokens. */
import { type PackedBatch, packBatch } from '../../src/model/batch.ts';
import { parseModelConfig } from '../../src/model/config.ts';
import { initialiseParameters } from '../../src/model/initialise.ts';
import { type Matrix, parameterLayout } from '../../src/model/parameters.ts';
import { randomStream } from '../../src/rl/random.ts';

export const SEQUENCES = 8;
export const LENGTH = 64;

const config = parseModelConfig({
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  intermediate_size: 256,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 64,
  tie_word_embeddings: false,
  hidden_act: 'silu',
});

export const layout = parameterLayout(config);

export const ADAMW = { lr: 1e-3, b1: 0.9, b2: 0.999, adamEps: 1e-8, decay: 0.01 } as const;

/** Initial weights: Baton's initialisation, ten times larger, so that the loss is not just log 64. */
export function initialWeights(): Float32Array<ArrayBuffer> {
  const flat = initialiseParameters(layout, 1);
  return flat.map((x, i) => (i < layout.decayEnd ? 5 * x : x));
}

/** Eight random sequences; every token but the first of each is predicted. */
export function makeBatch(): { tokens: number[][]; packed: PackedBatch } {
  const random = randomStream(1, 'bench');
  const tokens = Array.from({ length: SEQUENCES }, () =>
    Array.from({ length: LENGTH }, () => random.below(config.vocab_size)),
  );
  const sequences = tokens.map((t) => ({ prompt: t.slice(0, 1), completion: t.slice(1) }));
  return { tokens, packed: packBatch(sequences, LENGTH) };
}

interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly decay: boolean;
}

/** The flat weights as jax-js takes them: matrices [in, out], the head too. */
export function jaxWeights(flat: Float32Array) {
  const vector = (m: Matrix): Weight => ({
    shape: [m.size],
    data: flat.slice(m.offset, m.offset + m.size),
    decay: false,
  });
  const transposed = (m: Matrix): Weight => {
    const data = new Float32Array(m.size);
    for (let r = 0; r < m.rows; r++)
      for (let c = 0; c < m.cols; c++) data[c * m.rows + r] = flat[m.offset + r * m.cols + c];
    return { shape: [m.cols, m.rows], data, decay: true };
  };
  const { embed } = layout;
  return {
    embed: {
      shape: [embed.rows, embed.cols],
      data: flat.slice(embed.offset, embed.offset + embed.size),
      decay: true,
    },
    layers: layout.layers.map((w) => ({
      inputNorm: vector(w.inputNorm),
      qkv: transposed(w.qkv),
      o: transposed(w.o),
      postNorm: vector(w.postNorm),
      gateUp: transposed(w.gateUp),
      down: transposed(w.down),
    })),
    finalNorm: vector(layout.finalNorm),
    head: transposed(layout.lmHead),
  };
}

/** The batch as jax-js takes it. The last position of a sequence predicts nothing: its weight is 0. */
export function jaxBatch(tokens: readonly (readonly number[])[], ropeTable: Float32Array) {
  const V = config.vocab_size;
  const rows = SEQUENCES * LENGTH;
  const inputs = new Float32Array(rows * V);
  const targets = new Float32Array(rows * V);
  const weight = new Float32Array(rows);
  tokens.forEach((sequence, b) => {
    sequence.forEach((id, t) => {
      const row = b * LENGTH + t;
      inputs[row * V + id] = 1;
      if (t + 1 === LENGTH) return;
      targets[row * V + sequence[t + 1]] = 1;
      weight[row] = 1 / (SEQUENCES * (LENGTH - 1));
    });
  });
  const cos = ropeTable.filter((_, i) => i % 2 === 0).slice(0, (LENGTH * config.head_dim) / 2);
  const sin = ropeTable.filter((_, i) => i % 2 === 1).slice(0, (LENGTH * config.head_dim) / 2);
  return { inputs, targets, weight, cos, sin };
}

/** Sizes and optimiser settings by jax-step's names. */
export const jaxConfig = {
  B: SEQUENCES,
  T: LENGTH,
  hidden: config.hidden_size,
  heads: config.num_attention_heads,
  layers: config.num_hidden_layers,
  vocabulary: config.vocab_size,
  eps: config.rms_norm_eps,
  ...ADAMW,
};
