/** The kernel's template, coloured, with line numbers; what is typed is compiled, checked and timed on a device of its own. */
import { useMemo, useRef } from 'react';
import type { KernelEntry, Trial } from '../../lab/kernel-lab/protocol.ts';
import { Icon } from '../components/icon.tsx';
import { usePage } from '../context.ts';
import { changedLines, highlightLine } from './highlight.ts';
import { useKernels, useKernelsState } from './kernels-context.ts';
import { variantIn } from './kernels-store.ts';
import { LabUse, UseInLab } from './lab-use.tsx';
import { formatMs } from './step-view.ts';

export function Editor({ entry }: { entry: KernelEntry }) {
  const kernels = useKernels();
  const variant = useKernelsState(variantIn);
  const file = useKernelsState((state) => state.file);
  const edits = useKernelsState((state) => state.edits);
  const original = useKernelsState((state) => state.catalogue?.files[state.file] ?? '');
  const tried = useKernelsState((state) => state.trials[state.file]);
  const text = edits[file] ?? original;
  const current = tried?.text === text ? tried.trial : null;
  const area = useRef<HTMLTextAreaElement>(null);
  const changed = useMemo(() => changedLines(original, text), [original, text]);
  const bad = new Set(current?.problems.map(({ line }) => line));
  const goTo = (line: number) => {
    const before = text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length;
    const at = line > 1 ? before + 1 : 0;
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
  };
  return (
    <section className="editor" aria-label="Source">
      <header className="line">
        <div className="tabs">
          {variant?.files.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={name === file}
              onClick={() => kernels.showFile(name)}
            >
              {name.split('/').at(-1)}
              {name in edits && <span className="dirty" title="Changed" />}
            </button>
          ))}
        </div>
        <span className="spacer" />
        <label className="kvariant small quiet">
          Variant
          <span className="select bare">
            <select
              value={variant?.name}
              onChange={(event) => kernels.showVariant(event.target.value)}
            >
              {entry.variants.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
            <Icon name="down" small />
          </span>
        </label>
      </header>
      <div className="code">
        <div className="sheet">
          <pre aria-hidden="true">
            {text.split('\n').map((line, i) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
                key={i}
                className={bad.has(i + 1) ? 'row bad' : changed.has(i) ? 'row changed' : 'row'}
              >
                <span className="no">{i + 1}</span>
                <code>
                  {highlightLine(line).map(({ tone, text: piece }, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
                    <span key={at} className={tone}>
                      {piece}
                    </span>
                  ))}{' '}
                </code>
              </span>
            ))}
          </pre>
          <textarea
            ref={area}
            aria-label={`WGSL of ${file}`}
            value={text}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            wrap="off"
            onChange={(event) => kernels.edit(event.target.value)}
          />
        </div>
      </div>
      <LabUse file={file} text={text} />
      <Verdict trial={current} dirty={file in edits} goTo={goTo} />
    </section>
  );
}

function Verdict({
  trial,
  dirty,
  goTo,
}: {
  trial: Trial | null;
  dirty: boolean;
  goTo: (line: number) => void;
}) {
  const kernels = useKernels();
  const { lab } = usePage();
  const busy = useKernelsState((state) => state.busy !== null);
  const limit = useKernelsState((state) => state.catalogue?.loopLimit ?? 0);
  return (
    <footer className="verdict">
      <div role="status">
        {trial ? (
          <Outcome trial={trial} goTo={goTo} />
        ) : (
          <p className="small quiet">
            {dirty
              ? 'Changed. Try it: it is compiled, checked on all its sizes and timed against the original; what passes can be used in the lab.'
              : 'Change the text to try a kernel of your own.'}{' '}
            It is tried on a device of its own, not on the one that trains; its loops end after{' '}
            {limit.toLocaleString('en-GB')} turns, because not every adapter can stop one.
          </p>
        )}
      </div>
      <div className="acts">
        <button
          className="btn bare"
          type="button"
          disabled={!dirty || busy}
          onClick={() => kernels.revert()}
        >
          Revert
        </button>
        <button
          className={trial?.passed ? 'btn' : 'btn primary'}
          type="button"
          disabled={!dirty || busy}
          onClick={() => kernels.attempt(lab.data.kernels.used)}
        >
          {trial ? 'Try again' : 'Try this kernel'}
        </button>
        {trial?.passed && <UseInLab kernel={trial.passed} />}
      </div>
    </footer>
  );
}

/** Outputs are filled with NaN before a check. */
const UNWRITTEN =
  'NaN stands where nothing was written, or what was read lies past the end: look at the workgroup size, which the dispatch counts with, and at the bounds.';

/** A ratio of times in words; what is within three hundredths is noise. */
function compared(ratio: number): string {
  if (Math.abs(ratio - 1) < 0.03) return 'As fast as the original';
  return ratio > 1 ? `${ratio.toFixed(2)} × faster` : `${(1 / ratio).toFixed(2)} × slower`;
}

function Outcome({ trial, goTo }: { trial: Trial; goTo: (line: number) => void }) {
  const { problems, cases, timing, compileMs } = trial;
  if (problems.length > 0) {
    return (
      <ol className="problems">
        {problems.slice(0, 6).map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            <Icon name="error" />
            <span>
              {line > 0 && (
                <button className="link" type="button" onClick={() => goTo(line)}>
                  Line {line}
                </button>
              )}{' '}
              {message.split('\n')[0]}
            </span>
          </li>
        ))}
      </ol>
    );
  }
  const wrong = cases.find(({ passed }) => !passed);
  const output = wrong?.outputs.find(({ passed }) => !passed);
  const ratio = timing ? timing.before.ms / timing.after.ms : 1;
  return (
    <ol>
      <li>
        <Icon name="done" />
        <span>
          <b>Compiled</b> <span className="faint">{formatMs(compileMs)}</span>
        </span>
      </li>
      {wrong && output ? (
        <li className="wrong">
          <Icon name="error" />
          <span>
            <b>Wrong at {wrong.label}</b>{' '}
            <span className="faint">
              {output.output} {output.worst}
              {output.worst.includes('NaN') ? `. ${UNWRITTEN}` : ''}
            </span>
          </span>
        </li>
      ) : (
        <li>
          <Icon name="done" />
          <span>
            <b>Checked</b> <span className="faint">{cases.length} sizes against float64</span>
          </span>
        </li>
      )}
      {timing && (
        <li>
          <Icon name="live" />
          <span>
            <b>{compared(ratio)}</b>{' '}
            <span className="faint">
              {formatMs(timing.before.ms)} to {formatMs(timing.after.ms)}, median of {timing.rounds}{' '}
              in turn, on {timing.work}
            </span>
          </span>
        </li>
      )}
    </ol>
  );
}
