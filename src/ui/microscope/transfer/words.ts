/** Numbers and sentences of the transfer microscope. */
import { type Answer, stepBefore } from './answer.ts';
import { differenceInterval, rateOf, type Share, wilson } from './interval.ts';
import { type CurvePoint, curveOf, type ReceiverState, shareAt } from './transfer-data.ts';

const MINUS = '−';

/** A share with two decimals: 0.62; 0 and 1 as they are. */
export function rateText(rate: number): string {
  return rate === 0 || rate === 1 ? String(rate) : rate.toFixed(2);
}

/** `95 % 0.48 to 0.75`. */
export function intervalText(share: Share): string {
  const { low, high } = wilson(share);
  return `95 % ${rateText(Number(low.toFixed(2)))} to ${rateText(Number(high.toFixed(2)))}`;
}

/** `+0.32`, with a true minus sign. */
export function signedText(value: number): string {
  const size = Math.abs(value).toFixed(2);
  return Number(size) === 0 ? '0' : `${value < 0 ? MINUS : '+'}${size}`;
}

/** What the cut changes for a receiver, in one sentence; undefined where too little is known. */
export function cutSentence(
  receiver: ReceiverState,
  answer: Answer,
  cut: number,
): string | undefined {
  const name = receiver.model.name;
  const here = shareAt(receiver, answer, cut);
  const scratch = shareAt(receiver, answer, 0);
  if (cut === 0) return 'Nothing stands yet: receivers start from scratch.';
  if (answer.leaks.has(cut)) return 'What stands is the right answer already.';
  if (!here || !scratch) return undefined;
  const step = stepBefore(answer, cut);
  const after = step === undefined ? 'Here' : `After ${step}`;
  const { low, high } = differenceInterval(here, scratch);
  if (low <= 0 && high >= 0) return `${after}, ${name} succeeds about as often as from scratch.`;
  if (high < 0 && here.right === 0) return `${after}, ${name} no longer succeeds.`;
  if (scratch.right === 0) return `${after}, ${name} succeeds, and from scratch it never did.`;
  const times = rateOf(here) / rateOf(scratch);
  return `${after}, ${name} succeeds ${timesText(times)} as from scratch.`;
}

/** 2 is `twice as often`, 0.5 is `half as often`. */
function timesText(times: number): string {
  if (times >= 1.9 && times <= 2.1) return 'twice as often';
  if (times >= 0.47 && times <= 0.53) return 'half as often';
  return `${times < 10 ? times.toFixed(1) : times.toFixed(0)} times as often`;
}

/** The curve in words, for who does not see it. */
export function curveSentence(
  receivers: readonly ReceiverState[],
  answer: Answer,
  cut: number,
): string {
  const parts = receivers.flatMap((receiver) => {
    const curve = curveOf(receiver, answer);
    if (curve.length < 2) return [];
    const last = curve[curve.length - 1];
    const at = curve.find((point) => point.cut === cut);
    return [
      `with ${receiver.model.name} ${pointText(curve[0])} at the start, ${
        at ? `${pointText(at)} at the cut, ` : ''
      }${pointText(last)} at the end`,
    ];
  });
  return `Share of finished answers that are right, by cut: ${parts.join('; ') || 'not computed yet'}.`;
}

function pointText(point: CurvePoint): string {
  return rateText(rateOf(point));
}

/** `7 of 14 tokens, after 3*7=21`. */
export function cutText(answer: Answer, cut: number): string {
  const step = stepBefore(answer, cut);
  const at = `${cut} of ${answer.tokens.length} tokens`;
  return step === undefined ? at : `${at}, after ${step}`;
}
