/** @huggingface/transformers: the same weights, exported by us to ONNX, in its own generation loop. Nothing is fetched. */
import { AutoModelForCausalLM, env, Tensor } from '@huggingface/transformers';

const FOLDER = 'bench-model';
const wasm = env.backends.onnx.wasm;
// By default it would fetch the runtime's binary from a server; it must use the one beside the runtime.
wasm.wasmPaths = undefined;
wasm.numThreads = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
env.useWasmCache = false;
env.useBrowserCache = false;
env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/';

/** Serves the model's files from memory; any other file is not found. */
function serve(files) {
  env.useCustomCache = true;
  env.customCache = {
    async match(request) {
      const address = typeof request === 'string' ? request : request.url;
      for (const [path, content] of files)
        if (address.endsWith(`${FOLDER}/${path}`)) return new Response(content);
      return undefined;
    },
    async put() {},
  };
}

/** @param {'webgpu' | 'wasm'} device */
export async function openPeer(device) {
  return {
    async generate({ prompts, tokens, files }) {
      serve(files);
      const model = await AutoModelForCausalLM.from_pretrained(FOLDER, { dtype: 'fp32', device });
      const width = prompts.reduce((most, prompt) => Math.max(most, prompt.length), 0);
      const ids = new BigInt64Array(prompts.length * width);
      const mask = new BigInt64Array(prompts.length * width);
      prompts.forEach((prompt, row) => {
        prompt.forEach((id, i) => {
          const at = (row + 1) * width - prompt.length + i;
          ids[at] = BigInt(id);
          mask[at] = 1n;
        });
      });
      const dims = [prompts.length, width];
      let last = null;
      return {
        async run(times) {
          for (let i = 0; i < times; i++) {
            last = await model.generate({
              input_ids: new Tensor('int64', ids, dims),
              attention_mask: new Tensor('int64', mask, dims),
              max_new_tokens: tokens,
              do_sample: false,
            });
          }
        },
        result: async () =>
          Float32Array.from(last.tolist().flatMap((r) => r.slice(width).map(Number))),
        close: async () => {
          await model.dispose();
        },
      };
    },
  };
}
