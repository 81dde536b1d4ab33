/** A small menu behind three dots. It is closed by Esc, by a press outside and by choosing an action. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface Props {
  /** What its button is called. */
  readonly label: string;
  readonly className: string;
  /** What stands in it. @param act makes of an action one that closes the menu first */
  readonly children: (act: (action: () => void) => () => void) => ReactNode;
}

export function Menu({ label, className, children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Esc closes what floats before it lets the cursor go.
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', onEscape, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', onEscape, true);
    };
  }, [open]);
  const act = (action: () => void) => () => {
    setOpen(false);
    button.current?.focus();
    action();
  };
  return (
    <div className={className} ref={box}>
      <button
        ref={button}
        className="btn bare icon-only"
        type="button"
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3.5 8v.05M8 8v.05M12.5 8v.05" strokeWidth="2.2" />
        </svg>
      </button>
      <div className="tip menu" id={id} hidden={!open}>
        {children(act)}
      </div>
    </div>
  );
}
