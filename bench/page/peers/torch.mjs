/** webgpu-torch 0.3.5: products only; it has no softmax over one axis, and its training lacks what the model needs. */
import * as torch from 'webgpu-torch';

export async function openPeer() {
  if (!(await torch.initWebGPUAsync())) throw new Error('webgpu-torch finds no WebGPU');
  return {
    async matmul({ m, n, k, a, b }) {
      const make = (data, shape) =>
        torch.tensor({ data: nested(data, shape), dtype: 'float32', device: 'webgpu' });
      const A = make(a, [m, k]);
      const B = make(b, [k, n]);
      let last = null;
      return {
        async run(times) {
          for (let i = 0; i < times; i++) {
            last?.storage.destroy();
            last = A.mm(B);
          }
          await last.storage.gpuDevice.queue.onSubmittedWorkDone();
        },
        result: async () => Float32Array.from((await last.toArrayAsync()).flat()),
        close() {
          for (const tensor of [A, B, last]) tensor?.storage.destroy();
        },
      };
    },
  };
}

function nested(data, [rows, columns]) {
  return Array.from({ length: rows }, (_, r) =>
    Array.from(data.subarray(r * columns, (r + 1) * columns)),
  );
}
