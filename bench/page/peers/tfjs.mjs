/** @tensorflow/tfjs on its WebGPU backend: operation by operation, with gradients by its tape; it offers no other way. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';

/** Waits until the backend's device has done all submitted work. */
async function idle() {
  const backend = tf.backend();
  if (backend.commandEncoder) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  await backend.device.queue.onSubmittedWorkDone();
}

function running(compute, read = (out) => out.data()) {
  let last = null;
  return {
    async run(times) {
      for (let i = 0; i < times; i++) {
        if (last) tf.dispose(last);
        last = tf.tidy(compute);
      }
      await idle();
    },
    result: async () => new Float32Array(await read(last)),
    close() {
      tf.dispose(last);
    },
  };
}

/** [heads, T, D] of [T, heads, D]. */
const byHead = (x) => x.transpose([1, 0, 2]);

/** The causal mask, added to the scores, [T, T]. */
function causalMask(length) {
  return tf.tensor2d(
    Float32Array.from({ length: length * length }, (_, i) =>
      i % length > Math.floor(i / length) ? -1e30 : 0,
    ),
    [length, length],
  );
}

function attend(q, k, v, mask, headDim) {
  const scores = tf
    .matMul(q, k, false, true)
    .mul(headDim ** -0.5)
    .add(mask);
  return tf.matMul(tf.softmax(scores, -1), v);
}

function norm(x, gain, eps) {
  return x.mul(tf.rsqrt(x.square().mean(-1, true).add(eps))).mul(gain);
}

function rotate(x, cos, sin) {
  const [a, b] = tf.split(x, 2, -1);
  return tf.concat([a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))], -1);
}

/** Mean negative log-likelihood: the same model as jax-step.mjs. */
function lossOf({ B, T, hidden, heads, layers, eps, vocabulary }, p, data) {
  const D = hidden / heads;
  const split = (x) => x.reshape([B, T, heads, D]);
  let x = tf.matMul(data.inputs, p.embed);
  for (let i = 0; i < layers; i++) {
    const w = p.layers[i];
    const [q, k, v] = tf.split(tf.matMul(norm(x, w.inputNorm, eps), w.qkv), 3, -1).map(split);
    const turned = [rotate(q, data.cos, data.sin), rotate(k, data.cos, data.sin), v];
    const [a, b, c] = turned.map((y) => y.transpose([0, 2, 1, 3]));
    const attended = attend(a, b, c, data.mask, D).transpose([0, 2, 1, 3]);
    x = x.add(tf.matMul(attended.reshape([B * T, hidden]), w.o));
    const [gate, up] = tf.split(tf.matMul(norm(x, w.postNorm, eps), w.gateUp), 2, -1);
    x = x.add(tf.matMul(gate.mul(tf.sigmoid(gate)).mul(up), w.down));
  }
  const logp = tf.logSoftmax(tf.matMul(norm(x, p.finalNorm, eps), p.head), -1);
  const chosen = logp.mul(data.targets).sum(-1).reshape([B, T]);
  void vocabulary;
  return chosen.mul(data.weight).sum().neg();
}

/** The tree of weights as variables, and a list of them. */
function variables(weights) {
  const all = [];
  const make = ({ shape, data, decay }) => {
    const variable = tf.variable(tf.tensor(data.slice(), [...shape]));
    all.push({ variable, decay });
    return variable;
  };
  const each = (tree) => Object.fromEntries(Object.entries(tree).map(([k, w]) => [k, make(w)]));
  const { layers, ...rest } = weights;
  return { tree: { ...each(rest), layers: layers.map(each) }, all };
}

export async function openPeer() {
  await tf.setBackend('webgpu');
  await tf.ready();
  if (tf.getBackend() !== 'webgpu') throw new Error('tfjs finds no WebGPU');
  return {
    async matmul({ m, n, k, a, b }) {
      const A = tf.tensor2d(a.slice(), [m, k]);
      const B = tf.tensor2d(b.slice(), [k, n]);
      return running(() => tf.matMul(A, B));
    },
    async softmax({ rows, columns, x }) {
      const X = tf.tensor2d(x.slice(), [rows, columns]);
      return running(() => tf.softmax(X, -1));
    },
    async attention({ length, heads, headDim, q, k, v, dO, backward }) {
      const make = (data) => tf.tensor3d(data.slice(), [length, heads, headDim]);
      const [Q, K, V, G] = [q, k, v, dO].map(make);
      const mask = causalMask(length);
      const forward = (x, y, z) => byHead(attend(byHead(x), byHead(y), byHead(z), mask, headDim));
      if (!backward) return running(() => forward(Q, K, V));
      const gradients = tf.grads(forward);
      return running(
        () => gradients([Q, K, V], G),
        async (out) => {
          const parts = [];
          for (const part of out) parts.push(...(await part.data()));
          return parts;
        },
      );
    },
    async train({ config, weights, batch }) {
      const { B, T, hidden, heads, vocabulary, lr, b1, b2, adamEps, decay } = config;
      const half = hidden / heads / 2;
      const data = {
        inputs: tf.tensor2d(batch.inputs.slice(), [B * T, vocabulary]),
        targets: tf.tensor2d(batch.targets.slice(), [B * T, vocabulary]),
        weight: tf.tensor2d(batch.weight.slice(), [B, T]),
        cos: tf.tensor(batch.cos.slice(), [1, T, 1, half]),
        sin: tf.tensor(batch.sin.slice(), [1, T, 1, half]),
        mask: causalMask(T),
      };
      const { tree, all } = variables(weights);
      const adam = tf.train.adam(lr, b1, b2, adamEps);
      const losses = [];
      return {
        async run(times) {
          for (let i = 0; i < times; i++) {
            const value = tf.tidy(() => {
              const { value: loss, grads } = tf.variableGrads(() => lossOf(config, tree, data));
              for (const { variable, decay: decayed } of all)
                if (decayed) variable.assign(variable.mul(1 - lr * decay));
              adam.applyGradients(grads);
              return loss;
            });
            losses.push((await value.data())[0]);
            value.dispose();
            await idle();
          }
        },
        result: async () => Float32Array.of(losses[0]),
        trace: () => losses,
        close: () => tf.disposeVariables(),
      };
    },
  };
}
