/** What floats: the help with its key table, the question before a reset, and the toast. */
import { type ReactNode, useEffect, useRef } from 'react';
import { type Action, keyNames, resetAll, resetStakes } from '../actions.ts';
import { usePage, usePreference, useView } from '../context.ts';
import { formatDuration } from '../format.ts';
import type { PageId } from '../pages.ts';
import { groupStep } from '../store/runs.ts';

export function Dialogs() {
  const dialog = useView((view) => view.dialog);
  return (
    <>
      {dialog === 'help' && <HelpDialog />}
      {dialog === 'reset' && <ResetDialog />}
      <Toast />
    </>
  );
}

/** A modal dialog that the browser itself closes on Esc; focus returns to what opened it. */
function Modal({
  label,
  wide = false,
  children,
}: {
  label: string;
  wide?: boolean;
  children: ReactNode;
}) {
  const { view } = usePage();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-first]')?.focus();
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-label={label}
      onClose={() => view.setState({ dialog: null })}
    >
      {children}
    </dialog>
  );
}

/** The key tables, in two columns: those that act on the page that shows. */
function columnsOf(page: PageId): readonly (readonly Action['where'][])[] {
  switch (page) {
    case 'lab':
      return [['lab', 'everywhere'], ['charts and samples']];
    case 'microscope':
      return [['microscope', 'one step'], ['everywhere']];
    case 'runs':
      return [['runs'], ['everywhere']];
    default:
      return [['everywhere']];
  }
}
const PLACE_TITLES: Record<Action['where'], string> = {
  lab: 'Run',
  'charts and samples': 'Charts and samples',
  microscope: 'The cut',
  'one step': 'One step',
  runs: 'Runs',
  everywhere: 'Everywhere',
};

function HelpDialog() {
  const { preferences, view } = usePage();
  const shortcuts = usePreference((stored) => stored.shortcuts);
  const recording = usePreference((stored) => stored.recording);
  const page = useView((state) => state.page);
  return (
    <Modal label="Keyboard and help" wide>
      <h2>Keyboard and help</h2>
      {page === 'microscope' ? (
        <p>
          A policy answers a question, or you write an answer. Each microscope looks at the same
          answer in its own way: cut anywhere and finished by other models, or read with and without
          the question. All of it is computed on this machine’s processor, and the same question
          gives the same picture.
        </p>
      ) : (
        <p>
          Run trains the policy on this machine’s GPU: it answers questions, the rewards score the
          answers, and what scored better becomes likelier. Charts and samples follow.
        </p>
      )}
      <div className="keytables">
        {columnsOf(page).map((places) => (
          <div key={places[0]}>
            {places.map((place) => (
              <KeyTable key={place} place={place} />
            ))}
          </div>
        ))}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={shortcuts}
          onChange={(event) => preferences.setState({ shortcuts: event.target.checked })}
        />
        Single keys act
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={recording}
          onChange={(event) => preferences.setState({ recording: event.target.checked })}
        />
        Show a recorded run when the page opens
      </label>
      <p className="small">
        Scripts find the same commands as <code>window.baton</code>: run, pause, step, metrics,
        hash.
      </p>
      <div className="acts">
        <button
          className="btn primary"
          type="button"
          data-first
          onClick={() => view.setState({ dialog: null })}
        >
          Close
        </button>
      </div>
    </Modal>
  );
}

function KeyTable({ place }: { place: Action['where'] }) {
  const { actions } = usePage();
  return (
    <table className="keys">
      <caption>{PLACE_TITLES[place]}</caption>
      <tbody>
        {actions
          .filter(({ where }) => where === place)
          .map((action) => (
            <tr key={action.id}>
              <th scope="row">{action.label}</th>
              <td>
                {keyNames(action.shortcut).map((key) => (
                  <kbd className="kbd" key={key}>
                    {key}
                  </kbd>
                ))}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function ResetDialog() {
  const { lab, view } = usePage();
  const { done, left } = resetStakes(lab);
  const kept = lab.data.keeping.step;
  const close = () => view.setState({ dialog: null });
  return (
    <Modal label="Reset the run">
      <h2>Reset at step {groupStep(lab.data)}?</h2>
      <p>
        {formatDuration(done)} of training would be{' '}
        {kept === null ? 'thrown away' : `cleared; the Runs page keeps it up to step ${kept}`}
        {left === null ? '' : `, ${formatDuration(left)} before its end`}. The same seed gives the
        same curve again.
      </p>
      <div className="acts">
        <button className="btn" type="button" data-first onClick={close}>
          Keep it
        </button>
        <button
          className="btn primary"
          type="button"
          onClick={() => {
            resetAll(lab);
            close();
          }}
        >
          Reset
        </button>
      </div>
    </Modal>
  );
}

const TOAST_MS = 4000;

function Toast() {
  const { view } = usePage();
  const toast = useView((state) => state.toast);
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(() => view.setState({ toast: null }), TOAST_MS);
    return () => clearTimeout(timer);
  }, [toast, view]);
  return (
    <div className="toasts" role="status">
      {toast && (
        <div className="toast" key={toast.count}>
          {toast.text}
        </div>
      )}
    </div>
  );
}
