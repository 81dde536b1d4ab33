/** In place of the run bar where nothing can be trained here, and a recording is shown all the same. */
import type { ErrorReport } from '../../errors.ts';
import { PageLink } from '../components/page-link.tsx';

export function CannotTrain({
  error,
  onAsk,
}: {
  readonly error: ErrorReport;
  readonly onAsk: () => void;
}) {
  const { gpu } = navigator as { gpu?: unknown };
  return (
    <header className="runbar cannot">
      <h1>This browser cannot train. {gpu ? 'It gives no GPU.' : 'It has no WebGPU.'}</h1>
      <button className="btn primary" type="button" title={error.remedy} onClick={onAsk}>
        What is missing
      </button>
      <p className="quiet">
        Below is a recorded run. The <PageLink to="microscope">microscope</PageLink> works here too.
      </p>
    </header>
  );
}
