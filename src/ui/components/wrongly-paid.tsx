/** In a warning of a reward that is hacked: the wrong answers that it pays most, each with the way to it. */
import { useCursor } from '../charts/cursor-store.ts';
import { useLab } from '../context.ts';
import { useSampleView } from '../samples/sample-view.ts';
import { signed } from '../samples/token-colour.ts';
import { wronglyPaid } from '../samples/wrongly-paid.ts';
import { presentRuns } from '../store/runs.ts';

const SHOWN = 3;

/** @param alert the id of one: the first run that has it is looked at, in the newest step whose samples are kept */
export function WronglyPaidList({ alert }: { readonly alert: string }) {
  const run = useLab((data) =>
    presentRuns(data).find(({ alerts }) => alerts.some(({ id }) => id === alert)),
  );
  const samples = run?.record.samples;
  const step = samples?.steps().at(-1);
  const found = samples && step !== undefined ? wronglyPaid(samples.at(step), SHOWN) : [];
  if (found.length === 0) return null;
  return (
    <>
      <p>The wrong answers of step {step} that it pays most:</p>
      <ul>
        {found.map(({ question, title, text, reward }) => (
          <li key={`${question} ${text}`}>
            {signed(reward)} for <span className="mono">{text}</span> to {title}{' '}
            <button
              className="link"
              type="button"
              onClick={() => {
                useCursor.getState().pin(step ?? 0);
                useSampleView.getState().openQuestion(question);
              }}
            >
              show
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
