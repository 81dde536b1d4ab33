/**
 * A frozen model that goes on with token sequences: what finishes answers for the transfer reward, for evaluation and for the
 * microscope. Two kinds give the same greedy tokens, unless one stores halves: on Baton's own kernels (`kernel-receiver.ts`) and through
 * an ONNX runtime (`src/receiver`).
 */
import type { SamplingSettings } from '../kernels/sample/sample.ts';
import type { Generated } from './generate.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface ReceiverRequest {
  /** Token sequences to go on with, none empty; what `tokenizer.encode(text, { addSpecial: true })` gives, and more. */
  readonly prompts: readonly (readonly number[])[];
  /** Continuations of each. */
  readonly copies: number;
  /** For each prompt, the most tokens of a continuation, the end token included. */
  readonly budgets: readonly number[];
  readonly sampling: SamplingSettings;
  /** Philox key of this call's noise. */
  readonly key: readonly [number, number];
  /** Continuation `copy` of prompt `p` draws with number `uid + p * copies + copy`. */
  readonly uid: number;
  readonly signal?: AbortSignal;
}

export interface Receiver {
  /** Its folder under the models' root (`receivers/chain-nano-b`), or another short name. */
  readonly id: string;
  /** What computes. */
  readonly backend: ReceiverBackend;
  readonly tokenizer: Tokenizer;
  /** Longest sequence, prompt and continuation. */
  readonly positions: number;
  /**
   * Continuations prompt by prompt, `prompts.length * copies` of them. They depend on neither what else is in the request nor
   * how many fit at once, but for the last bits of a log-prob.
   * @throws Cancelled when the signal fires; RangeError where a prompt and its budget exceed `positions`; NonFinite where the
   * model has no distribution; what the backend throws
   */
  complete(request: ReceiverRequest): Promise<Generated[]>;
  /** Gives back its memory; the receiver is of no use afterwards. */
  close(): void;
}

/** Our kernels on the GPU; an ONNX runtime on the CPU; or the same runtime on WebGPU, in browsers. */
export type ReceiverBackend = 'kernels' | 'onnx' | 'onnx-webgpu';
