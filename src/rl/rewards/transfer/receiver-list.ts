/** Receivers in one setting: `receivers/chain-nano-b receivers/chain-micro*0.5`, ids with weights, spaces between. */
import type { ReceiverBackend } from '../../../model/receiver.ts';

export interface WeightedReceiver {
  readonly id: string;
  /** Share of the transfer reward before the weights are made to sum to 1. */
  readonly weight: number;
}

const ID = '(?:policy|[a-z]+/[a-z0-9][a-z0-9-]*)';
const ONE = `${ID}(?:\\*(?:0?\\.\\d{1,3}|[1-9]\\d{0,2}(?:\\.\\d{1,3})?))?`;

/** The form of a list with at least one receiver. */
export const RECEIVER_LIST = new RegExp(`^${ONE}(?: ${ONE})*$`);
/** The same, or an empty list. */
export const RECEIVER_LIST_OR_NONE = new RegExp(`^(?:${ONE}(?: ${ONE})*)?$`);
export const RECEIVER_FORM =
  'ids of models with spaces between, such as "policy" or "receivers/chain-nano-b receivers/chain-micro*0.5"';

/** Reads a list that has the form; a receiver that is listed twice counts with both weights. */
export function parseReceivers(text: string): WeightedReceiver[] {
  const weights = new Map<string, number>();
  for (const part of text.split(' ').filter((word) => word !== '')) {
    const [id, weight = '1'] = part.split('*');
    weights.set(id, (weights.get(id) ?? 0) + Number(weight));
  }
  return [...weights].map(([id, weight]) => ({ id, weight }));
}

/** The ids of a list that run on Baton's own kernels: none of a person's own decoders does. */
export function onKernels(list: string, backend: ReceiverBackend): string[] {
  if (backend !== 'kernels') return [];
  return parseReceivers(list).flatMap(({ id }) => (id.startsWith('own/') ? [] : [id]));
}

/** A receiver's name in metrics: its id without the folder. */
export function receiverName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
