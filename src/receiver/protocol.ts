/** Messages between the page or the trainer and the receivers' worker. Plain data only; every call has a number. */
import type { ErrorReport } from '../errors.ts';
import type { Generated } from '../model/generate.ts';
import type { ReceiverRequest } from '../model/receiver.ts';
import type { SpecialIds } from '../model/tokenizer.ts';
import type { ReadRequest, ScoreRequest } from './score-batch.ts';

/** The files of a model folder by name: config.json, model.safetensors, tokenizer.json, tokenizer_config.json. */
export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** The files of a model folder. */
export interface WeightsSource {
  readonly kind: 'weights';
  readonly id: string;
  readonly files: ModelFiles;
}

/** What the worker opens as a receiver. */
export type WorkerSource =
  | WeightsSource
  | {
      readonly kind: 'onnx';
      readonly id: string;
      /** An .onnx file of a decoder with a KV cache: its bytes, or a file that the worker reads. */
      readonly file: Uint8Array | Blob;
      /** tokenizer.json and, if given, tokenizer_config.json and config.json. */
      readonly files: ModelFiles;
    };

export type ReceiverCommand =
  | { readonly type: 'open'; readonly call: number; readonly source: WorkerSource }
  | { readonly type: 'open-reward'; readonly call: number; readonly source: WeightsSource }
  | {
      readonly type: 'complete';
      readonly call: number;
      readonly receiver: number;
      readonly request: Omit<ReceiverRequest, 'signal'>;
    }
  | {
      readonly type: 'score';
      readonly call: number;
      readonly receiver: number;
      readonly request: Omit<ScoreRequest, 'signal'>;
    }
  /** Asks a reward model, and is answered as `score` is. */
  | {
      readonly type: 'value';
      readonly call: number;
      readonly receiver: number;
      readonly request: Omit<ReadRequest, 'signal'>;
    }
  /** Stops the call of this number between two tokens or, in scoring, between two batches. */
  | { readonly type: 'cancel'; readonly call: number }
  /** `receiver` is the number of the call that opened it. */
  | { readonly type: 'close'; readonly receiver: number };

export type ReceiverEvent =
  | {
      readonly type: 'opened';
      readonly call: number;
      readonly positions: number;
      readonly special: SpecialIds;
    }
  | { readonly type: 'completed'; readonly call: number; readonly out: readonly Generated[] }
  | {
      readonly type: 'scored';
      readonly call: number;
      readonly out: readonly (readonly number[])[];
    }
  | { readonly type: 'failed'; readonly call: number; readonly error: ErrorReport };
