/** What the open kernel computes, and how fast it was in the step. */
import { useMemo } from 'react';
import type { KernelEntry } from '../../lab/kernel-lab/protocol.ts';
import { useKernelsState } from './kernels-context.ts';
import { allowed, shortly } from './roofline.ts';
import { formatMs, sharesOf } from './step-view.ts';

export function KernelHead({ entry }: { entry: KernelEntry }) {
  const step = useKernelsState((state) => state.step);
  const ceilings = useKernelsState((state) => state.ceilings);
  const own = useMemo(() => step && sharesOf(step, [entry]).get(entry.id), [step, entry]);
  return (
    <section className="khead" aria-label={entry.id}>
      <div>
        <h2 className="mono">{entry.id}</h2>
        <p className="quiet">{entry.what}</p>
      </div>
      <p className="formula">{entry.formula}</p>
      {own && (
        <dl className="figures">
          <div>
            <dt>in one step</dt>
            {own.ms > own.unseen ? (
              <dd>{formatMs(own.ms)}</dd>
            ) : (
              <dd>
                under {formatMs(own.unseen)} <span>below the clock’s step</span>
              </dd>
            )}
          </div>
          {own.ms > own.unseen && (
            <>
              <div>
                <dt>work</dt>
                <dd>
                  {shortly(own.gflops)} <span>GFLOP/s</span>
                </dd>
              </div>
              <div>
                <dt>traffic</dt>
                <dd>
                  {shortly(own.gbs)} <span>GB/s</span>
                </dd>
              </div>
            </>
          )}
          {ceilings && own.intensity > 0 && own.ms > own.unseen && (
            <div>
              <dt>of the roof</dt>
              <dd>
                {shortly((100 * own.gflops) / allowed(ceilings, own.intensity))} <span>%</span>
              </dd>
            </div>
          )}
        </dl>
      )}
    </section>
  );
}
