/** A button that makes a file, which can take a while: as long as it does, it says so. */
import { type ReactNode, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

/** @param save settles when the file is there, or when its failure has been told */
export function SaveButton({
  save,
  disabled,
  children,
}: {
  readonly save: () => Promise<void>;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const working = useRef(false);
  const press = async () => {
    // It keeps the focus while it works, so it is not disabled; a second press is the same wish.
    if (working.current) return;
    working.current = true;
    setBusy(true);
    try {
      await save();
    } finally {
      working.current = false;
      setBusy(false);
    }
  };
  return (
    <>
      <button
        className="btn"
        type="button"
        disabled={disabled}
        aria-busy={busy}
        onClick={() => void press()}
      >
        <Icon name="save" />
        {children}
        {busy ? <span className="faint">saving</span> : null}
      </button>
      <span className="sr" role="status">
        {busy ? 'Saving' : ''}
      </span>
    </>
  );
}
