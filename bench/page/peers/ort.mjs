/** onnxruntime-web: graphs of a few nodes, written by our exporter; operands and results stay on the device. */
import * as ort from 'onnxruntime-web/webgpu';
import { floatData, GraphBuilder } from '../../../src/receiver/onnx/graph-builder.ts';
import { encodeModel } from '../../../src/receiver/onnx/model-proto.ts';

ort.env.logLevel = 'error';
ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;

function model(build) {
  const graph = new GraphBuilder();
  build(graph);
  return encodeModel({
    ...{ irVersion: 8, opset: 17, producer: 'baton bench', producerVersion: '' },
    ...{ description: '', metadata: [], graph: graph.graph('bench') },
  });
}

/** On the CPU. Threads must not spin, because that would slow the next contestant. */
async function onWasm(bytes, inputs) {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dims }]) => [
      name,
      new ort.Tensor('float32', data, dims),
    ]),
  );
  let last = null;
  return {
    async run(times) {
      for (let i = 0; i < times; i++) last = await session.run(feeds);
    },
    result: async () => new Float32Array(last.y.data),
    close: () => session.release(),
  };
}

async function onWebGpu(bytes, inputs, dims) {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['webgpu'] });
  const device = await ort.env.webgpu.device;
  const buffers = [];
  const tensor = (shape, data) => {
    const buffer = device.createBuffer({
      size: 4 * shape.reduce((a, b) => a * b, 1),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    buffers.push(buffer);
    if (data) device.queue.writeBuffer(buffer, 0, data);
    return ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: shape });
  };
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, tensor(input.dims, input.data)]),
  );
  const fetches = { y: tensor(dims) };
  const out = buffers[buffers.length - 1];
  return {
    async run(times) {
      for (let i = 0; i < times; i++) await session.run(feeds, fetches);
      await device.queue.onSubmittedWorkDone();
    },
    async result() {
      const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
      const staging = device.createBuffer({ size: out.size, usage });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(out, 0, staging, 0, out.size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const numbers = new Float32Array(staging.getMappedRange().slice(0));
      staging.destroy();
      return numbers;
    },
    async close() {
      await session.release();
      for (const buffer of buffers) buffer.destroy();
    },
  };
}

/** @param {'webgpu' | 'wasm'} provider */
export async function openPeer(provider) {
  const open = (bytes, inputs, dims) =>
    provider === 'wasm' ? onWasm(bytes, inputs) : onWebGpu(bytes, inputs, dims);
  return {
    matmul({ m, n, k, a, b }) {
      const bytes = model((g) => {
        const x = [g.input('a', 'float32', [m, k]), g.input('b', 'float32', [k, n])];
        g.op('MatMul', x, {}, 'y');
        g.output('y', 'float32', [m, n]);
      });
      return open(bytes, { a: { data: a, dims: [m, k] }, b: { data: b, dims: [k, n] } }, [m, n]);
    },
    softmax({ rows, columns, x }) {
      const dims = [rows, columns];
      const bytes = model((g) => {
        g.op('Softmax', [g.input('x', 'float32', dims)], { axis: 1 }, 'y');
        g.output('y', 'float32', dims);
      });
      return open(bytes, { x: { data: x, dims } }, dims);
    },
    attention({ length, heads, headDim, q, k, v, backward }) {
      if (backward) throw new Error('the runtime has no gradients');
      const dims = [length, heads, headDim];
      const mask = Float32Array.from({ length: length * length }, (_, i) =>
        i % length > Math.floor(i / length) ? -1e30 : 0,
      );
      const bytes = model((g) => {
        const byHead = (name, perm) =>
          g.op('Transpose', [g.input(name, 'float32', dims)], { perm });
        const product = g.op('MatMul', [byHead('q', [1, 0, 2]), byHead('k', [1, 2, 0])]);
        const scaled = g.op('Mul', [product, g.float(headDim ** -0.5)]);
        const masked = g.op('Add', [
          scaled,
          g.weight('mask', [1, length, length], floatData(mask)),
        ]);
        const p = g.op('Softmax', [masked], { axis: 2 });
        const attended = g.op('MatMul', [p, byHead('v', [1, 0, 2])]);
        g.op('Transpose', [attended], { perm: [1, 0, 2] }, 'y');
        g.output('y', 'float32', dims);
      });
      const inputs = { q: { data: q, dims }, k: { data: k, dims }, v: { data: v, dims } };
      return open(bytes, inputs, dims);
    },
  };
}
