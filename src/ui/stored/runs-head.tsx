/** The head of the Runs page: how much is kept, finding, how often a run is kept, and bundles. */
import { useEffect, useRef } from 'react';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import { Icon } from '../components/icon.tsx';
import { Select } from '../components/select.tsx';
import { type Page, useAction, usePage, usePreference } from '../context.ts';
import { formatBytes, plural } from '../format.ts';
import { isBundle, openRecording } from '../recording/open-bundle.ts';
import { KEEP_CHOICES } from '../store/keeping.ts';
import { takeBundles } from '../verify/open-bundles.ts';
import { showLabPage } from './resume.ts';
import { runKeys } from './run-keys.ts';

interface Props {
  readonly runs: readonly Listed[];
  /** Null while they are being read. */
  readonly groups: number | null;
  readonly looked: string;
  readonly onLook: (text: string) => void;
  readonly onSweep: () => void;
}

export function RunsHead({ runs, groups, looked, onLook, onSweep }: Props) {
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  const count = runs.reduce((sum, { seal }) => sum + (seal?.runs.length ?? 1), 0);
  return (
    <header className="runshead">
      <h1>Runs</h1>
      <span className="quiet count">
        {groups === null ? 'reading' : `${plural(groups, 'group')},`} {plural(count, 'run')},{' '}
        {formatBytes(bytes)} in this browser
      </span>
      <span className="spacer" />
      {runs.length > 0 && <Find looked={looked} onLook={onLook} />}
      <KeepEvery />
      <button className="btn" type="button" onClick={onSweep}>
        New sweep
      </button>
      <OpenBundle />
    </header>
  );
}

function Find({ looked, onLook }: Pick<Props, 'looked' | 'onLook'>) {
  const input = useRef<HTMLInputElement>(null);
  const { shortcut } = useAction('find-runs');
  useEffect(
    () => runKeys.hold((key) => (key === 'find-runs' ? () => input.current?.focus() : undefined)),
    [],
  );
  return (
    <label className="find">
      <span className="sr">Find by name, setting or adapter</span>
      <Icon name="find" />
      <input
        ref={input}
        className="input"
        type="search"
        placeholder="Name, setting or adapter"
        aria-keyshortcuts={shortcut.key}
        value={looked}
        onChange={({ target }) => onLook(target.value)}
      />
    </label>
  );
}

function KeepEvery() {
  const { preferences } = usePage();
  const every = usePreference((stored) => stored.keepEvery);
  return (
    <span className="keepevery">
      <label className="quiet" htmlFor="keep-every">
        Checkpoint
      </label>
      <Select
        id="keep-every"
        value={String(every)}
        onChange={({ target: { value } }) =>
          preferences.setState({
            keepEvery: KEEP_CHOICES.find((choice) => String(choice) === value) ?? null,
          })
        }
      >
        {KEEP_CHOICES.map((choice) => (
          <option key={choice} value={String(choice)}>
            {choice === null
              ? 'never: runs end with their tab'
              : choice === 1
                ? 'after every step'
                : `every ${choice} steps`}
          </option>
        ))}
      </Select>
    </span>
  );
}

/** One is shown in the lab; several wait here until they are verified. */
async function openBundles(page: Page, files: readonly File[]): Promise<void> {
  const [file] = files;
  if (!file) return;
  if (files.length > 1 || !isBundle(file)) {
    await takeBundles(page, files);
    return;
  }
  showLabPage(page);
  await openRecording(page, file);
}

function OpenBundle() {
  const page = usePage();
  return (
    <label className="btn ownfile">
      <Icon name="folder" />
      Open bundles
      <input
        className="sr"
        type="file"
        multiple
        aria-label="Bundles, or files that hold several"
        accept=".gz,.tgz,.tar"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = '';
          void openBundles(page, files);
        }}
      />
    </label>
  );
}
