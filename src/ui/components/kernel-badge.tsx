/** Says that the run, or the next one, computes with changed kernels; leads to them, and takes them out. */
import { useLab, usePage } from '../context.ts';
import { plural } from '../format.ts';
import { isWaiting, shortName } from '../store/kernels-in-lab.ts';
import { Icon } from './icon.tsx';
import { PageLink } from './page-link.tsx';

export function KernelBadge() {
  const { lab, view } = usePage();
  const kernels = useLab((data) => data.kernels);
  const idle = useLab((data) => data.present === null);
  const waiting = isWaiting(kernels);
  const [first, ...others] = kernels.asked.length > 0 ? kernels.asked : kernels.used;
  if (first === undefined) return null;
  const what = others.length > 0 ? plural(others.length + 1, 'changed kernel') : 'Changed kernel';
  const leaves = waiting && kernels.asked.length === 0;
  const when = waiting
    ? 'from the next step on'
    : idle
      ? 'from the first step of the next run on'
      : 'in this run; its manifest says from which step on';
  return (
    <span className="kbadge" title={`${leaves ? 'Original again' : 'In use'} ${when}`}>
      <Icon name="chip" />
      <PageLink
        to="kernels"
        onFollow={() => view.setState({ kernel: { id: first.kernels[0], file: first.file } })}
      >
        {what}
        {others.length === 0 && <b>{shortName(first.file)}</b>}
      </PageLink>
      {waiting ? (
        <span className="faint">next step</span>
      ) : (
        <button
          className="btn bare icon-only"
          type="button"
          aria-label={others.length > 0 ? 'Restore the original kernels' : 'Restore the original'}
          title="Restore the original"
          onClick={() => lab.restoreKernels()}
        >
          <Icon name="close" small />
        </button>
      )}
    </span>
  );
}
