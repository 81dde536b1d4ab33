/** The ONNX runtime for Node, for the command line and for tests. */
import { createRuntime, type OnnxRuntime } from './runtime.ts';

/** @param threads CPU threads; receivers of the bundled sizes are no faster with more than one */
export async function openNodeRuntime(threads = 1): Promise<OnnxRuntime> {
  return createRuntime(await import('onnxruntime-web'), { threads });
}
