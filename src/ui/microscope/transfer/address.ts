/** What is the transfer microscope's own in the address: the second policy or answer, and the cuts. */
import { numbers, readSubject } from '../address.ts';
import { type ModelChoice, policiesOf } from '../models.ts';
import { LONGEST_TEXT } from '../policy-answer.ts';
import { isBeside, type TransferData } from './transfer-data.ts';

/** Adds a second policy or answer and the cuts to the address of the subject. A policy that cannot be linked to is left out. */
export function writeLanes(query: URLSearchParams, { lanes }: Pick<TransferData, 'lanes'>): void {
  const [first, second] = lanes;
  const beside = isBeside({ lanes }) ? second.given : null;
  const bundled =
    second && first.policy.ref.kind === 'bundled' && second.policy.ref.kind === 'bundled';
  const linked = beside || bundled ? lanes : [first];
  if (beside) query.set('beside', beside.text);
  else if (linked.length > 1) {
    query.set('policy', linked.map(({ policy }) => policy.ref.key).join(' '));
    query.set('answer', linked.map(({ number }) => (number ?? 0) + 1).join(' '));
  }
  if (linked.every(({ answer }) => answer)) {
    query.set('cut', linked.map(({ cut }) => cut).join(' '));
  }
}

/** Reads them; what is missing or not understood is left out. */
export function readLanes(query: URLSearchParams): {
  readonly cuts: readonly number[];
  readonly second: { readonly policy: ModelChoice; readonly number: number } | undefined;
  /** The text of a second answer. */
  readonly beside: string | undefined;
} {
  const cuts = numbers(query, 'cut');
  const address = readSubject(query);
  const policy =
    address && policiesOf(address.task).find(({ ref }) => ref.key === address.policies[1]);
  return {
    cuts,
    second: policy && { policy, number: address.answers[1] ?? 0 },
    beside: query.get('beside')?.slice(0, LONGEST_TEXT),
  };
}
