/** The Kernels page: the step on top, the list left, one kernel open with its source and its facts. */
import { useEffect, useState } from 'react';
import '../charts/charts.css';
import './kernels.css';
import { KernelLabClient } from '../../lab/kernel-lab/client.ts';
import type { Advance } from '../../lab/kernel-lab/protocol.ts';
import { Icon } from '../components/icon.tsx';
import { usePage, useView } from '../context.ts';
import { AdapterPanel } from './adapter-panel.tsx';
import { Editor } from './editor.tsx';
import { FactsColumn } from './facts-column.tsx';
import { KernelHead } from './kernel-head.tsx';
import { KernelList } from './kernel-list.tsx';
import { KernelsContext, useKernels, useKernelsState } from './kernels-context.ts';
import { createKernels, entryIn } from './kernels-store.ts';
import { StepHead } from './step-head.tsx';

function spawn() {
  return new Worker(new URL('../../lab/kernel-lab/worker.ts', import.meta.url), {
    type: 'module',
    name: 'baton-kernels',
  });
}

export function KernelsPage() {
  const [kernels] = useState(() => createKernels(new KernelLabClient(spawn)));
  useEffect(() => kernels.load(), [kernels]);
  const { view } = usePage();
  const asked = useView((state) => state.kernel);
  useEffect(() => {
    if (asked === null) return;
    kernels.show(asked.id, asked.file);
    view.setState({ kernel: null });
  }, [asked, kernels, view]);
  return (
    <KernelsContext value={kernels}>
      <div className="kernels">
        <StepHead />
        <KernelList />
        <Opened />
      </div>
    </KernelsContext>
  );
}

function Opened() {
  const entry = useKernelsState(entryIn);
  const report = useKernelsState((state) => state.showsReport);
  return (
    <main className="kernel">
      <Trouble />
      {report ? (
        <AdapterPanel />
      ) : entry ? (
        <>
          <KernelHead entry={entry} />
          <Editor entry={entry} />
          <FactsColumn entry={entry} />
        </>
      ) : (
        <p className="page-wait quiet">Reading the kernels</p>
      )}
    </main>
  );
}

/** What the laboratory is doing, with a way to end it, and what went wrong last. */
function Trouble() {
  const kernels = useKernels();
  const busy = useKernelsState((state) => state.busy);
  const advance = useKernelsState((state) => state.advance);
  const error = useKernelsState((state) => state.error);
  return (
    <div className="ktrouble" role="status">
      {busy !== null && (
        <p className="kbusy">
          <span className="pulse" /> {busy} <span className="faint">{saysAdvance(advance)}</span>
          <button className="btn" type="button" onClick={() => kernels.stop()}>
            Stop
          </button>
        </p>
      )}
      {error && (
        <div className="notice">
          <Icon name="error" />
          <p>
            <b>{error.message}.</b> {error.remedy}
          </p>
        </div>
      )}
    </div>
  );
}

/** How far the laboratory is; before it says so, where it works. */
function saysAdvance(advance: Advance | null): string {
  if (advance === null) return 'on a device of its own';
  const { done, total } = advance;
  return total > 0
    ? `${done} of ${total} done`
    : `${done.toLocaleString('en-GB')} dispatches so far`;
}
