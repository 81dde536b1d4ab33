/** One problem above the charts: what happened, what is safe, and buttons that do what to do. */
import type { ReactNode } from 'react';
import type { Message } from '../store/view.ts';
import { Icon } from './icon.tsx';

interface NoticeProps {
  readonly tone: Message['tone'];
  readonly title: string;
  readonly children: ReactNode;
  readonly acts?: ReactNode;
  readonly onClose?: () => void;
}

export function Notice({ tone, title, children, acts, onClose }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={tone} />
      <strong>{title}</strong>
      {children}
      {acts && <div className="acts">{acts}</div>}
      {onClose && (
        <button
          className="btn bare icon-only close"
          type="button"
          aria-label="Close this notice"
          onClick={onClose}
        >
          <Icon name="close" small />
        </button>
      )}
    </div>
  );
}

/** A button of a notice. */
export function Act({
  primary = false,
  onClick,
  children,
}: {
  primary?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button className={primary ? 'btn primary' : 'btn'} type="button" onClick={onClick}>
      {children}
    </button>
  );
}
