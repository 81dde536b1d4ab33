import type { ErrorReport } from '../../errors.ts';
import { Icon } from '../components/icon.tsx';

/** What failed, what is safe, and trying again. */
export function Failed({ problem, onRetry }: { problem: ErrorReport; onRetry: () => void }) {
  return (
    <div className="notice error" role="alert">
      <Icon name="error" />
      <strong>{problem.message}</strong>
      <p>{problem.remedy}</p>
      <div className="acts">
        <button className="btn" type="button" onClick={onRetry}>
          Try again
        </button>
      </div>
    </div>
  );
}
