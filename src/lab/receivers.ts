/** Opens the receivers of a run, each once: on the run's own device, or through an ONNX runtime that the host provides. */
import { badConfig } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { KernelReceiver } from '../model/kernel-receiver.ts';
import type { LoadedModel } from '../model/load.ts';
import type { Receiver, ReceiverBackend } from '../model/receiver.ts';
import type { ReceiverService } from '../rl/rewards/reward.ts';

export interface ReceiverSources {
  readonly gpu: Gpu;
  /** The policy as it was before the run: the receiver `policy`. */
  readonly policy: LoadedModel;
  /** Loads a bundled model by its folder. @throws BadConfig where there is none; BadFile */
  readonly load: (id: string) => Promise<LoadedModel>;
  /** Opens a bundled model, or `policy`, in an ONNX runtime; absent where the host has none. */
  readonly openOnnx?: (id: string) => Promise<Receiver>;
}

/** The service that reward terms and evaluations ask. What could not be opened is tried again when it is asked for again. */
export function createReceivers(sources: ReceiverSources): ReceiverService {
  const opened = new Map<string, Promise<Receiver>>();
  let closed = false;
  const open = async (id: string, backend: ReceiverBackend): Promise<Receiver> => {
    if (backend === 'kernels') {
      const model = id === 'policy' ? sources.policy : await sources.load(id);
      return KernelReceiver.create(sources.gpu, id, model);
    }
    if (!sources.openOnnx) {
      throw badConfig('backend', 'There is no ONNX runtime here', 'Let receivers run on kernels.');
    }
    return sources.openOnnx(id);
  };
  return {
    open(id, backend) {
      const key = `${backend} ${id}`;
      const known = opened.get(key);
      if (known) return known;
      const receiver = open(id, backend);
      opened.set(key, receiver);
      receiver.then(
        (r) => {
          if (closed) r.close();
        },
        () => opened.delete(key),
      );
      return receiver;
    },
    close() {
      closed = true;
      for (const receiver of opened.values()) {
        receiver.then(
          (r) => r.close(),
          () => undefined,
        );
      }
      opened.clear();
    },
  };
}
