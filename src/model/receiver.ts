/**
 * A receiver: a frozen model that continues token sequences. It finishes answers for the transfer reward, for evaluation and for the
 * microscope. There are two kinds: on Baton's own kernels (`kernel-receiver.ts`) and through an ONNX runtime (`src/receiver`). Both give
 * the same greedy tokens, unless one of them stores halves.
 */
import type { SamplingSettings } from '../kernels/sample/sample.ts';
import type { Generated } from './generate.ts';
import type { Tokenizer } from './tokenizer.ts';

export interface ReceiverRequest {
  /** Token sequences to continue, none empty: what `tokenizer.encode(text, { addSpecial: true })` gives, possibly followed by more tokens. */
  readonly prompts: readonly (readonly number[])[];
  /** Number of continuations of each prompt. */
  readonly copies: number;
  /** For each prompt, the most tokens of a continuation, including the end token. */
  readonly budgets: readonly number[];
  readonly sampling: SamplingSettings;
  /** Philox key of this call's noise. */
  readonly key: readonly [number, number];
  /** Continuation `copy` of prompt `p` draws from noise stream `uid + p * copies + copy`. */
  readonly uid: number;
  readonly signal?: AbortSignal;
}

export interface Receiver {
  /** Its folder under the models' root (`receivers/chain-nano-b`), or another short name. */
  readonly id: string;
  /** Where it computes. */
  readonly backend: ReceiverBackend;
  readonly tokenizer: Tokenizer;
  /** Longest sequence, prompt and continuation. */
  readonly positions: number;
  /**
   * Continuations prompt by prompt, `prompts.length * copies` of them. Except for the last bits of a log-prob, they depend neither
   * on the rest of the request nor on how many fit at once.
   * @throws Cancelled when the signal fires; RangeError if a prompt and its budget exceed `positions`; NonFinite if the model's
   * logits are not finite; what the backend throws
   */
  complete(request: ReceiverRequest): Promise<Generated[]>;
  /** Frees its memory; the receiver cannot be used afterwards. */
  close(): void;
}

/** Baton's kernels on the GPU; an ONNX runtime on the CPU; or the same runtime on WebGPU, in browsers only. */
export type ReceiverBackend = 'kernels' | 'onnx' | 'onnx-webgpu';
