/** In words what the newest evaluation asked, and what its split promises that does not hold for this policy. */
import { askedText } from '../../rl/evaluate/asked.ts';
import { familiarText } from '../../rl/evaluate/familiar.ts';
import { plural } from '../format.ts';
import type { EvaluationResult } from '../store/evaluations.ts';
import { SPLIT_NAMES } from './order-rules.ts';

export function Said({ result: { order, evaluation } }: { readonly result: EvaluationResult }) {
  const { split, samples } = order;
  const { familiar, prompts } = evaluation;
  const note = familiar && familiarText(split, prompts, familiar);
  return (
    <span>
      {SPLIT_NAMES[split === 'ood' ? 'ood' : 'test']}, {askedText(evaluation)}, with{' '}
      {plural(samples, 'answer')} each, the same ones at any step. Bands and brackets are 95 %
      intervals over clusters of questions.
      {note ? (
        <>
          {' '}
          <b>{note}.</b> {familiar.tasks.join(' ')}
        </>
      ) : null}
    </span>
  );
}
