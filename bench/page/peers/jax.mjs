/** @jax-js/jax. Attention and the training step are one `jit` each, as the library is meant to be used; a product is one call. */
import { blockUntilReady, defaultDevice, grad, init, jit, nn, numpy as np } from '@jax-js/jax';
import { openJax } from '../../train-step/jax-step.mjs';

/** Calls `compute` as often as requested. Waits for all results, because one that nobody reads might never be computed. */
function running(compute, read = (out) => out.ref.data()) {
  let last = null;
  const dispose = (out) => {
    if ('dispose' in out) out.dispose();
    else for (const part of Object.values(out)) part.dispose();
  };
  return {
    async run(times) {
      const outs = Array.from({ length: times }, compute);
      await blockUntilReady(outs);
      if (last) dispose(last);
      last = outs.pop();
      outs.forEach(dispose);
    },
    result: async () => new Float32Array(await read(last)),
    close() {
      if (last) dispose(last);
    },
  };
}

export async function openPeer() {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error('jax-js finds no WebGPU');
  defaultDevice('webgpu');
  return {
    async matmul({ m, n, k, a, b }) {
      const A = np.array(a.slice()).reshape([m, k]);
      const B = np.array(b.slice()).reshape([k, n]);
      await blockUntilReady([A, B]);
      return running(() => np.matmul(A.ref, B.ref));
    },
    async softmax({ rows, columns, x }) {
      const X = np.array(x.slice()).reshape([rows, columns]);
      await blockUntilReady(X);
      const softmax = jit((logits) => nn.softmax(logits, -1));
      return running(() => softmax(X.ref));
    },
    async attention({ length, heads, headDim, q, k, v, dO, backward }) {
      const make = (data) => np.array(data.slice()).reshape([1, length, heads, headDim]);
      const p = { q: make(q), k: make(k), v: make(v) };
      const g = make(dO);
      await blockUntilReady([p, g]);
      const refs = () => ({ q: p.q.ref, k: p.k.ref, v: p.v.ref });
      const attend = (x) => nn.dotProductAttention(x.q, x.k, x.v, { isCausal: true });
      if (!backward) {
        const forward = jit(attend);
        return running(() => forward(refs()));
      }
      const gradients = jit(grad((x, weights) => np.sum(attend(x).mul(weights))));
      return running(
        () => gradients(refs(), g.ref),
        async (out) => {
          const parts = [];
          for (const name of ['q', 'k', 'v']) parts.push(...(await out[name].ref.data()));
          return parts;
        },
      );
    },
    async train({ config, weights, batch }) {
      const { step } = await openJax(config, weights, batch);
      const losses = [];
      return {
        async run(times) {
          for (let i = 0; i < times; i++) losses.push(await step());
        },
        result: async () => Float32Array.of(losses[0]),
        trace: () => losses,
        close() {},
      };
    },
  };
}
