/** What the lab says of a recording: that it is one, and what came of running it again. */
import { useStore } from 'zustand';
import type { Difference } from '../../lab/bundle/compare.ts';
import { Act, Notice } from '../components/notice.tsx';
import { useLab, usePage } from '../context.ts';
import { formatNumber, plural } from '../format.ts';
import type { Recording, Verification } from './recording-store.ts';
import { fromElsewhere } from './row-watch.ts';

export function RecordingNotices() {
  const { recordings } = usePage();
  const { shown, verified } = useStore(recordings.store);
  const present = useLab((data) => data.present);
  return (
    <>
      {shown?.groupId === present && shown && <RecordingNotice recording={shown} />}
      {verified && <VerificationNotice verified={verified} />}
    </>
  );
}

function RecordingNotice({ recording }: { readonly recording: Recording }) {
  const { recordings } = usePage();
  const noGpu = useLab((data) => data.noGpu !== null);
  const { name, bundle } = recording;
  const { manifest, metrics } = bundle;
  return (
    <Notice
      tone="info"
      title={`A recorded run: ${name}`}
      acts={
        !noGpu && (
          <Act primary onClick={() => recordings.verify()}>
            Verify
          </Act>
        )
      }
    >
      <p>
        {plural(metrics.length, 'row')}, made by build {manifest.build} on {manifest.adapter}.
        Nothing of it was computed here.{' '}
        {noGpu
          ? 'It can be read without a GPU, and verified with one.'
          : 'Verify runs it again on this machine and compares every row.'}
      </p>
    </Notice>
  );
}

function VerificationNotice({ verified }: { readonly verified: Verification }) {
  const { recordings } = usePage();
  const { name, bundle, compared, here, ended } = verified;
  const all = bundle.metrics.length;
  const { rows, equal_rows: equal } = compared;
  const close = { onClose: () => recordings.dismiss() };
  if (rows < all && !ended)
    return (
      <Notice tone="info" title={`Verifying ${name}: row ${rows} of ${all}`}>
        <p>{equal === rows ? 'Equal so far.' : <Differs verified={verified} />}</p>
      </Notice>
    );
  if (rows < all)
    return (
      <Notice
        tone="warn"
        title={`${name} was not verified: the run ended after row ${rows} of ${all}`}
        {...close}
      >
        <p>{equal === rows ? 'The rows until then are equal.' : <Differs verified={verified} />}</p>
      </Notice>
    );
  if (equal === all)
    return (
      <Notice
        tone="info"
        title={`Verified: ${name} is equal in all ${plural(all, 'row')}`}
        {...close}
      >
        <p>Every number of every row came out the same on this machine, to the last bit.</p>
      </Notice>
    );
  return (
    <Notice
      tone={fromElsewhere(bundle.manifest, here) ? 'info' : 'error'}
      title={`${name} differs in ${plural(all - equal, 'row')} of ${all}`}
      {...close}
    >
      <p>
        <Differs verified={verified} />
      </p>
      <p>
        {fromElsewhere(bundle.manifest, here)
          ? 'It was recorded by another build, on another adapter, or with other micro-batches or kernels, so rounding may differ. That alone says nothing against it.'
          : 'Build, adapter, micro-batches and kernels are the same, so every bit should be the same: the recording was changed, or something here is wrong.'}
      </p>
    </Notice>
  );
}

function Differs({ verified: { compared } }: { readonly verified: Verification }) {
  const { first_difference: first, largest_difference: largest } = compared;
  if (!first) return null;
  return (
    <>
      From step {first.step}: <code>{first.column}</code> is {value(first.recorded)} in the file and{' '}
      {value(first.here)} here.
      {largest && (
        <>
          {' '}
          The largest difference is {formatNumber(100 * largest.share)} %, in{' '}
          <code>{largest.column}</code> at step {largest.step}.
        </>
      )}
    </>
  );
}

function value(one: Difference['here']): string {
  if (one === undefined) return 'absent';
  return one === null ? 'no number' : String(one);
}
