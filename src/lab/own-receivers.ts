/** Decoders that the user brought to the page, by id. Each is opened once on arrival, as a test, and again by the runs that use it. */
import { badConfig } from '../errors.ts';
import type { Receiver } from '../model/receiver.ts';
import { ownSource } from '../receiver/own.ts';
import type { WorkerSource } from '../receiver/protocol.ts';
import type { OnnxBackend } from './receivers.ts';

type OpenSource = (source: WorkerSource, backend: OnnxBackend) => Promise<Receiver>;

interface Files {
  readonly model: File;
  readonly beside: readonly File[];
}

export class OwnReceivers {
  readonly #open: OpenSource;
  readonly #brought = new Map<string, Files>();

  /** @param open opens a decoder in a worker that can be ended */
  constructor(open: OpenSource) {
    this.#open = open;
  }

  /** Adds or replaces a decoder. @throws BadFile saying what is wrong with it; an earlier decoder of that id then stays */
  async bring(id: string, files: Files): Promise<void> {
    const receiver = await this.#open(await ownSource(id, files.model, files.beside), 'onnx');
    receiver.close();
    this.#brought.set(id, files);
  }

  /** @throws BadConfig if there is no such decoder */
  async open(id: string, backend: OnnxBackend): Promise<Receiver> {
    const files = this.#brought.get(id);
    if (!files) {
      throw badConfig(
        'receivers',
        `There is no decoder ${id} here`,
        'Bring it under Evaluation, its .onnx and tokenizer.json together, or name another receiver.',
      );
    }
    return this.#open(await ownSource(id, files.model, files.beside), backend);
  }
}
