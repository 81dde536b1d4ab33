/** Receivers for commands: on the command's device, or through the ONNX runtime for Node. */
import type { Gpu } from '../gpu/gpu.ts';
import { createReceivers } from '../lab/receivers.ts';
import type { LoadedModel } from '../model/load.ts';
import { openNodeRuntime } from '../receiver/node-runtime.ts';
import { OnnxReceiver } from '../receiver/onnx-receiver.ts';
import type { OnnxRuntime } from '../receiver/runtime.ts';
import type { ReceiverService } from '../rl/rewards/reward.ts';
import type { LabIo } from './command.ts';
import { loadModel } from './models.ts';

/**
 * @param policy the model that `policy` stands for
 * @param option the option that bad ids are blamed on
 */
export function receiversFor(
  gpu: Gpu,
  policy: LoadedModel,
  option: string,
  io: LabIo,
): ReceiverService {
  let runtime: Promise<OnnxRuntime> | undefined;
  const load = (id: string) => loadModel(option, id, io);
  return createReceivers({
    gpu,
    policy,
    load,
    openOnnx: async (id) => {
      runtime ??= openNodeRuntime();
      return OnnxReceiver.fromModel(await runtime, id, id === 'policy' ? policy : await load(id));
    },
  });
}
