/** Evaluation on demand: what to ask, how far it is, and what came of it before training and now. */
import { useMemo } from 'react';
import { dialectsOf } from '../../rl/manner.ts';
import { createTask } from '../../rl/tasks/index.ts';
import { useLab } from '../context.ts';
import { plural } from '../format.ts';
import { comparisons, type PendingEvaluation } from '../store/evaluations.ts';
import { shownExperiment } from '../store/lab-data.ts';
import { evaluationsOf } from '../store/runs.ts';
import { EvaluationForm } from './evaluation-form.tsx';
import { EvaluationResults } from './evaluation-results.tsx';
import { canEvaluate } from './order-rules.ts';
import { Said } from './said.tsx';
import '../charts/evaluation.css';

export function EvaluationPanel() {
  const results = useLab((data) => evaluationsOf(data).results);
  const compared = useMemo(() => comparisons(results), [results]);
  const task = useLab((data) => shownExperiment(data).task);
  const dialects = useMemo(() => dialectsOf(createTask(task)), [task]);
  return (
    <section className="evaluation" aria-labelledby="evaluation-title">
      <EvaluationForm />
      <Standing />
      {compared.length > 0 ? <EvaluationResults compared={compared} dialects={dialects} /> : null}
    </section>
  );
}

/** One line: what is under way, what went wrong, or what is shown. */
function Standing() {
  const pending = useLab((data) => evaluationsOf(data).pending);
  const problem = useLab((data) => evaluationsOf(data).problem);
  const last = useLab((data) => evaluationsOf(data).results.at(-1));
  const ready = useLab((data) => canEvaluate(data.state));
  const [next] = pending;
  if (next) {
    const who = next.order.policy === 'before' ? 'before training' : 'now';
    return (
      <div className="standing small">
        <progress
          className="progress"
          aria-label={`Evaluating, ${who}`}
          {...(next.total > 0 && { value: next.done, max: next.total })}
        />
        <span>
          {next.total === 0
            ? `Waits for the step under way, ${who}`
            : `${next.done} of ${countText(next)}, ${who}`}
        </span>
      </div>
    );
  }
  return (
    <p className="standing small" role="status">
      {problem ? (
        <span>
          <b>{problem.message}.</b> {problem.remedy}
        </span>
      ) : last ? (
        <Said result={last} />
      ) : (
        <span className="quiet">
          {ready
            ? 'Measures the policy before training and now, on the same questions and between two steps. The run stays the same.'
            : 'Press Run first. Then the policy can be measured before training and now, on the same questions and between two steps. The run stays the same.'}
        </span>
      )}
    </p>
  );
}

/** What there is to do: answers, and where a tournament is held the pairs that are judged. */
function countText({ total, order }: PendingEvaluation): string {
  return order.tournament ? `${total} answers and judged pairs` : plural(total, 'answer');
}
