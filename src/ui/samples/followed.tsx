/** A question that is followed: every kept step that asked it, each with how many answers were right. */
import type { SampleGroup } from '../../rl/records.ts';
import { useCursor } from '../charts/cursor-store.ts';
import { plural } from '../format.ts';
import { groupStats } from './group-stats.ts';

interface Props {
  /** Rising; empty where no kept step asked it. */
  readonly asked: readonly SampleGroup[];
  /** The one that is shown. */
  readonly shown: SampleGroup | undefined;
  /** The step that is looked at. */
  readonly step: number | undefined;
}

export function Followed({ asked, shown, step }: Props) {
  const { pin } = useCursor.getState();
  if (!shown) {
    return (
      <p className="small quiet">
        The followed question is not among the kept samples of this run. Press p to let it go.
      </p>
    );
  }
  return (
    <nav className="followed" aria-label="Steps that asked this question">
      {step === shown.step ? null : (
        <p className="small quiet">
          Step {step} did not ask it; these are its answers of step {shown.step}.
        </p>
      )}
      {asked.length === 1 ? (
        <p className="small quiet">
          Only this kept step asked it.
          {shown.split ? '' : ' Held-out questions come again with each evaluation.'}
        </p>
      ) : (
        <p className="small quiet">
          Asked at {plural(asked.length, 'kept step')}
          {asked.some(({ completions }) => completions[0]?.correct !== undefined)
            ? '; below each, how many answers were right.'
            : '.'}
        </p>
      )}
      <ol>
        {asked.map((group) => {
          const { right, count } = groupStats(group);
          return (
            <li key={group.step}>
              <button
                className="chip"
                type="button"
                aria-current={group === shown ? 'step' : undefined}
                onClick={() => pin(group.step)}
              >
                <b>{group.step}</b>
                {right === null ? null : (
                  <span className="faint">
                    {right}/{count}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
