/** From a term to where it stands with the numbers of the run that the lab shows. */
import { methodOf } from '../../rl/methods/index.ts';
import { useCursor } from '../charts/cursor-store.ts';
import { PageLink } from '../components/page-link.tsx';
import { useLab, usePage } from '../context.ts';
import { useFirst } from '../first/use-first.ts';
import { lookAt } from '../microscope/run-view.ts';
import { lead } from '../store/runs.ts';
import { numbersOf } from './numbers.ts';

/** Nothing where the term stands in no microscope, or where no run has answers that were rewarded. */
export function WithNumbers({ term }: { readonly term: string }) {
  const { view } = usePage();
  const scope = numbersOf(term);
  const recorded = useFirst()?.run;
  const own = useLab((data) => {
    const run = lead(data);
    return run !== undefined && run.step > 0 && methodOf(run.experiment.method).rewarded;
  });
  if (scope === undefined || (!own && !recorded)) return null;
  const look = () => {
    lookAt({ run: 0, step: useCursor.getState().pinnedStep, group: null });
    view.setState({ scope });
  };
  return (
    <p>
      <PageLink to="microscope" onFollow={look}>
        With this run’s numbers
      </PageLink>
    </p>
  );
}
