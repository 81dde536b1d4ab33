/** Receivers for commands: on the command's device, or through the ONNX runtime for Node. */
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type BatonError, badConfig, badFile } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { createReceivers } from '../lab/receivers.ts';
import type { LoadedModel } from '../model/load.ts';
import { openNodeRuntime } from '../receiver/node-runtime.ts';
import { OnnxReceiver } from '../receiver/onnx-receiver.ts';
import { openOwn } from '../receiver/open-own.ts';
import { BESIDE, isOwn, ownId, refuseHuge } from '../receiver/own.ts';
import type { WorkerSource } from '../receiver/protocol.ts';
import type { OnnxRuntime } from '../receiver/runtime.ts';
import type { ReceiverService } from '../rl/rewards/reward.ts';
import type { LabIo } from './command.ts';
import { readOptional } from './files.ts';
import { loadModel } from './models.ts';
import { optional } from './options.ts';

/**
 * @param policy the model that `policy` stands for
 * @param option the option that errors about ids name
 * @param more `ownFile`: the user's own decoder, which receivers name as `own/NAME`; `fp16`: the experiment's, for receivers on kernels
 */
export function receiversFor(
  gpu: Gpu,
  policy: LoadedModel,
  option: string,
  io: LabIo,
  { ownFile, fp16 }: { readonly ownFile?: string | undefined; readonly fp16?: boolean } = {},
): ReceiverService {
  const own = ownFile === undefined ? undefined : resolve(io.cwd, ownFile);
  if (own !== undefined) io.log(`receiver: ${own} is ${ownId(basename(own))}`);
  let runtime: Promise<OnnxRuntime> | undefined;
  const load = (id: string) => loadModel(option, id, io);
  return createReceivers({
    gpu,
    policy,
    ...(fp16 && { fp16 }),
    load,
    openOnnx: async (id, backend) => {
      if (backend === 'onnx-webgpu') {
        throw badConfig(
          'backend',
          'The ONNX runtime on WebGPU needs a browser',
          'Here receivers run on `kernels` or on `onnx`, the same runtime on the CPU.',
        );
      }
      const started = () => {
        runtime ??= openNodeRuntime();
        return runtime;
      };
      if (isOwn(id)) {
        if (own === undefined || id !== ownId(basename(own))) throw notBrought(option, id, own);
        return (await openOwn(ownSource(id, own), started)).receiver;
      }
      return OnnxReceiver.fromModel(await started(), id, id === 'policy' ? policy : await load(id));
    },
  });
}

/** The option for a decoder of the user's own. */
export const OWN_OPTION = {
  'own-receiver': optional(
    'F.onnx',
    'A decoder of your own, with its tokenizer.json beside it or one folder up; receivers name it own/F.',
  ),
};

function notBrought(option: string, id: string, own: string | undefined): BatonError {
  const there = own === undefined ? '' : `; --own-receiver is ${ownId(basename(own))}`;
  return badConfig(
    `--${option}`,
    `--${option}: there is no decoder ${id}${there}`,
    'Give its file: --own-receiver F.onnx, with its tokenizer.json beside it.',
  );
}

/** The files of a decoder; files that are too large are refused before they are read. @throws BadFile */
function ownSource(id: string, path: string): WorkerSource & { kind: 'onnx' } {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size !== undefined) refuseHuge(basename(path), size);
  const file = size === undefined ? null : readOptional('own-receiver', path);
  if (!file) {
    throw badFile('--own-receiver', `--own-receiver: ${path} is not there`, 'Check the path.');
  }
  const folder = dirname(path);
  const files = new Map<string, Uint8Array>();
  for (const name of BESIDE) {
    // transformers.js keeps models in a folder `onnx`, and their other files one folder up.
    const bytes =
      readOptional('own-receiver', join(folder, name)) ??
      readOptional('own-receiver', join(folder, '..', name));
    if (bytes) files.set(name, bytes);
  }
  return { kind: 'onnx', id, file, files };
}
