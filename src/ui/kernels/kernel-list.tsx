/** Every kernel, by what it belongs to, with its share of the step's GPU time. */
import { useMemo } from 'react';
import { Icon } from '../components/icon.tsx';
import { useLab } from '../context.ts';
import { useKernels, useKernelsState } from './kernels-context.ts';
import { sharesOf } from './step-view.ts';

export function KernelList() {
  const kernels = useKernels();
  const catalogue = useKernelsState((state) => state.catalogue);
  const open = useKernelsState((state) => (state.showsReport ? null : state.open));
  const edits = useKernelsState((state) => state.edits);
  const step = useKernelsState((state) => state.step);
  const { used } = useLab((data) => data.kernels);
  const shares = useMemo(
    () => (step && catalogue ? sharesOf(step, catalogue.kernels) : null),
    [step, catalogue],
  );
  const most = Math.max(0.01, ...[...(shares?.values() ?? [])].map(({ share }) => share));
  const known = catalogue?.kernels ?? [];
  const groups = [...new Set(known.map(({ group }) => group))];
  return (
    <nav className="klist" aria-label="Kernels">
      <header className="line">
        <h2>{known.length} kernels</h2>
        <span className="spacer" />
        <span className="small faint">{shares ? 'share of GPU time' : 'share: not measured'}</span>
      </header>
      {groups.map((group) => (
        <section key={group}>
          <h3>{group}</h3>
          <ul>
            {known
              .filter((kernel) => kernel.group === group)
              .map(({ id, variants }) => {
                const own = shares?.get(id);
                const share = own && own.ms > own.unseen ? own.share : undefined;
                const inLab = used.some((kernel) => kernel.kernels.includes(id));
                const changed = variants.some(({ files }) => files.some((file) => file in edits));
                return (
                  <li key={id}>
                    <button
                      type="button"
                      aria-current={id === open}
                      onClick={() => kernels.show(id)}
                    >
                      <span className="mono">
                        {id}
                        {changed && <span className="dirty" title="Changed" />}
                        {inLab && (
                          <span className="inlab" title="Changed in the lab">
                            <Icon name="chip" small />
                            <span className="sr"> changed in the lab</span>
                          </span>
                        )}
                      </span>
                      {shares && (
                        <>
                          <svg className="share" aria-hidden="true">
                            <rect width={`${(100 * (share ?? 0)) / most}%`} height="100%" />
                          </svg>
                          <span className="n">
                            {share !== undefined
                              ? `${(100 * share).toFixed(1)} %`
                              : own
                                ? 'too short'
                                : 'none'}
                          </span>
                        </>
                      )}
                    </button>
                  </li>
                );
              })}
          </ul>
        </section>
      ))}
    </nav>
  );
}
