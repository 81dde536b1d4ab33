/** What the lab says of the browser's storage: a run that can be resumed, and a run that is not kept. */
import { useStore } from 'zustand';
import { Act, Notice } from '../components/notice.tsx';
import { useLab, usePage } from '../context.ts';
import { resumeRun } from './resume.ts';
import { offered } from './stored-runs.ts';
import { fromElsewhere, momentText, stepsOf } from './words.ts';

/** A run of an earlier visit that was not finished. It is offered while nothing runs. */
export function UnfinishedNotice() {
  const page = usePage();
  const { stored } = page;
  const idle = useLab((data) => data.state === 'idle');
  const found = useStore(stored.store, offered);
  const elsewhere = useLab((data) => !!found?.seal && fromElsewhere(found.seal, data));
  if (!idle || !found?.seal) return null;
  const { id, seal } = found;
  const { done, of } = stepsOf(seal);
  const { title } = seal.about;
  return (
    <Notice
      tone="info"
      title={`A run was not finished: ${title}, step ${done} of ${of}`}
      onClose={() => stored.decline(id)}
      acts={
        <>
          <Act primary onClick={() => resumeRun(page, { id, seal })}>
            Resume
          </Act>
          <Act onClick={() => void stored.remove([id])}>Discard</Act>
        </>
      }
    >
      <p>
        It was kept on {momentText(seal.saved)}. Resume goes on after step {done}
        {elsewhere
          ? '; another build or adapter made it, so the numbers may differ from those of a run that went through'
          : ', as if nothing had happened'}
        . Discard deletes it.
      </p>
    </Notice>
  );
}

/** Said once: the run goes on and is not kept. */
export function NotKeptNotice() {
  const { lab } = usePage();
  const error = useLab((data) => data.keeping.error);
  const read = useLab((data) => data.storageRead);
  if (!error || error.message === read) return null;
  return (
    <Notice tone="warn" title={error.message} onClose={() => lab.dismissStorage()}>
      <p>{error.remedy}</p>
    </Notice>
  );
}
