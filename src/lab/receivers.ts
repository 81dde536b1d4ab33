/** Opens each receiver of a run once: on the run's own device, or through an ONNX runtime that the host provides. */
import { BatonError, badConfig } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { KernelReceiver } from '../model/kernel-receiver.ts';
import type { LoadedModel } from '../model/load.ts';
import type { Receiver, ReceiverBackend } from '../model/receiver.ts';
import { isOwn } from '../receiver/own.ts';
import type { ReceiverService } from '../rl/rewards/reward.ts';
import { alphabetOf, requireAlphabet } from '../rl/rewards/transfer/alphabet.ts';

/** The backends of an ONNX runtime. */
export type OnnxBackend = Exclude<ReceiverBackend, 'kernels'>;
export type OpenOnnx = (id: string, backend: OnnxBackend) => Promise<Receiver>;

export interface ReceiverSources {
  readonly gpu: Gpu;
  /** The policy as it was before the run: the receiver `policy`. */
  readonly policy: LoadedModel;
  /** Stores the numbers of models on the run's own device as halves: the experiment's `fp16`. */
  readonly fp16?: boolean;
  /** Loads a bundled model by its folder. @throws BadConfig if there is none; BadFile */
  readonly load: (id: string) => Promise<LoadedModel>;
  /** Opens a bundled model, `policy`, or the user's own model in an ONNX runtime; absent if the host has none. */
  readonly openOnnx?: OpenOnnx;
}

/**
 * The receivers for reward terms and evaluations. One that lacks characters of the policy is refused when it is opened. One that could not be opened, or that has failed since, is opened again when it is
 * next asked for.
 */
export function createReceivers(sources: ReceiverSources): ReceiverService {
  const opened = new Map<string, Promise<Receiver>>();
  let closed = false;
  const { tokenizer } = sources.policy;
  let alphabet: readonly string[] | undefined;
  /** Refuses a receiver before it is asked for anything that it cannot write. */
  const reads = (receiver: Receiver): Receiver => {
    if (!tokenizer || receiver.id === 'policy') return receiver;
    alphabet ??= alphabetOf(tokenizer);
    try {
      requireAlphabet(receiver, alphabet);
    } catch (error) {
      receiver.close();
      throw error;
    }
    return receiver;
  };
  const open = async (id: string, backend: ReceiverBackend): Promise<Receiver> => {
    if (backend === 'kernels') {
      const model = id === 'policy' ? sources.policy : await sources.load(id);
      return KernelReceiver.create(sources.gpu, id, model, sources.fp16);
    }
    if (!sources.openOnnx) {
      throw badConfig('backend', 'There is no ONNX runtime here', 'Let receivers run on kernels.');
    }
    return sources.openOnnx(id, backend);
  };
  return {
    open(id, wanted) {
      const backend = isOwn(id) && wanted === 'kernels' ? 'onnx' : wanted;
      const key = `${backend} ${id}`;
      const known = opened.get(key);
      if (known) return known;
      const forget = () => {
        if (opened.get(key) === receiver) opened.delete(key);
      };
      const receiver: Promise<Receiver> = open(id, backend).then((r) => watched(reads(r), forget));
      opened.set(key, receiver);
      receiver.then((r) => {
        if (closed) r.close();
      }, forget);
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

/** A receiver that is closed and forgotten once it fails, unless it was only cancelled. */
function watched(receiver: Receiver, forget: () => void): Receiver {
  const { id, backend, tokenizer, positions } = receiver;
  return {
    ...{ id, backend, tokenizer, positions },
    complete: async (request) => {
      try {
        return await receiver.complete(request);
      } catch (error) {
        if (!(error instanceof BatonError && error.kind === 'Cancelled')) {
          forget();
          receiver.close();
        }
        throw error;
      }
    },
    close: () => receiver.close(),
  };
}
