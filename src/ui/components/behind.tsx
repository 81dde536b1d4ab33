/** Words that open what stands behind them: a tooltip would be out of reach of a phone and of who looks at a projector. */
import { type ReactNode, useId } from 'react';
import '../glossary/glossary.css';

interface Props {
  readonly words: string;
  readonly children: ReactNode;
}

export function Behind({ words, children }: Props) {
  const id = useId();
  return (
    <>
      <button className="behind" type="button" popoverTarget={id}>
        {words}
      </button>
      <span className="tip about small" id={id} popover="auto">
        {children}
      </span>
    </>
  );
}
