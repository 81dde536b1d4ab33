/**
 * The bench's model and optimiser in jax-js. The whole step (forward, gradients, AdamW) is one `jit`, as the library is meant to be
 * used. As in Baton, q, k and v are one product, and so are gate and up.
 */
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  valueAndGrad,
} from '@jax-js/jax';

/** RMSNorm over the last axis. */
function norm(x, gain, eps) {
  const mean = np.mean(np.square(x.ref), -1, { keepdims: true });
  return x.mul(np.reciprocal(np.sqrt(mean.add(eps)))).mul(gain);
}

/** Rotates the pairs (x[i], x[i + D/2]) of [B, T, H, D] by tables [1, T, 1, D/2]. */
function rotate(x, cos, sin) {
  const [a, b] = np.split(x, 2, -1);
  return np.concatenate(
    [a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref)), b.mul(cos).add(a.mul(sin))],
    -1,
  );
}

/** Mean negative log-likelihood over the positions that `weight` counts. Consumes all arguments, as jax-js functions do. */
function lossOf(config, p, data) {
  const { B, T, hidden, heads, layers, eps } = config;
  const D = hidden / heads;
  let x = np.matmul(data.inputs, p.embed).reshape([B, T, hidden]);
  for (let i = 0; i < layers; i++) {
    const w = p.layers[i];
    const qkv = np.matmul(norm(x.ref, w.inputNorm, eps), w.qkv);
    const [q, k, v] = np.split(qkv, 3, -1).map((part) => part.reshape([B, T, heads, D]));
    const attended = nn.dotProductAttention(
      rotate(q, data.cos.ref, data.sin.ref),
      rotate(k, data.cos.ref, data.sin.ref),
      v,
      { isCausal: true },
    );
    x = x.add(np.matmul(attended.reshape([B, T, hidden]), w.o));
    const [gate, up] = np.split(np.matmul(norm(x.ref, w.postNorm, eps), w.gateUp), 2, -1);
    x = x.add(np.matmul(nn.silu(gate).mul(up), w.down));
  }
  data.cos.dispose();
  data.sin.dispose();
  const logits = np.matmul(norm(x, p.finalNorm, eps), p.head);
  const logp = nn.logSoftmax(logits, -1);
  const chosen = np.sum(logp.mul(data.targets.reshape([B, T, config.vocabulary])), -1);
  return np.sum(chosen.mul(data.weight)).mul(-1);
}

/** @returns {any} the tree with `visit` applied to the leaves of all trees side by side; a leaf has a shape or is a number */
function zip(visit, first, ...rest) {
  if (Array.isArray(first)) return first.map((x, i) => zip(visit, x, ...rest.map((r) => r[i])));
  if (first.constructor === Object && !('shape' in first)) {
    return Object.fromEntries(
      Object.keys(first).map((k) => [k, zip(visit, first[k], ...rest.map((r) => r[k]))]),
    );
  }
  return visit(first, ...rest);
}

/**
 * Opens jax-js on WebGPU and makes the step.
 * @param config sizes: B, T, hidden, heads, layers, vocabulary, eps, and AdamW's lr, b1, b2, adamEps, decay
 * @param weights tree of { shape, data, decay }
 * @param batch { inputs, targets: one-hot Float32Array [B T, V], weight [B T], cos, sin [T D/2] }
 */
export async function openJax(config, weights, batch) {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error('jax-js finds no WebGPU');
  defaultDevice('webgpu');
  const { B, T, vocabulary, hidden, heads, lr, b1, b2, adamEps, decay } = config;
  const data = {
    inputs: np.array(batch.inputs).reshape([B * T, vocabulary]),
    targets: np.array(batch.targets).reshape([B * T, vocabulary]),
    weight: np.array(batch.weight).reshape([B, T]),
    cos: np.array(batch.cos).reshape([1, T, 1, hidden / heads / 2]),
    sin: np.array(batch.sin).reshape([1, T, 1, hidden / heads / 2]),
  };
  const decays = zip((w) => (w.decay ? decay : 0), weights);
  const make = (tree) => zip((w) => np.array(w.data.slice()).reshape([...w.shape]), tree);
  const zeros = (tree) => zip((w) => np.zeros([...w.shape]), tree);
  let state = { p: make(weights), m: zeros(weights), v: zeros(weights) };
  const gradient = valueAndGrad((p, d) => lossOf(config, p, d));
  const step = jit((s, d, c1, c2) => {
    const [loss, g] = gradient(
      zip((x) => x.ref, s.p),
      d,
    );
    const m = zip((m0, gi) => m0.mul(b1).add(gi.ref.mul(1 - b1)), s.m, g);
    const v = zip((v0, gi) => v0.mul(b2).add(np.square(gi).mul(1 - b2)), s.v, g);
    const p = zip(
      (p0, mi, vi, wd) =>
        p0.mul(1 - lr * wd).sub(
          mi.ref
            .div(c1.ref)
            .div(np.sqrt(vi.ref.div(c2.ref)).add(adamEps))
            .mul(lr),
        ),
      s.p,
      m,
      v,
      decays,
    );
    c1.dispose();
    c2.dispose();
    return { s: { p, m, v }, loss };
  });
  let count = 0;
  return {
    /** One step. Resolves to the loss before it, once all its updates are done. */
    async step() {
      count += 1;
      const out = step(
        state,
        zip((x) => x.ref, data),
        np.array(1 - b1 ** count),
        np.array(1 - b2 ** count),
      );
      state = out.s;
      const [loss] = await out.loss.data();
      await blockUntilReady(state);
      return loss;
    },
  };
}
