/** A folded group: native details whose state is remembered and whose summary says what is inside. */
import type { ReactNode } from 'react';
import { useLab, usePage, usePreference } from '../context.ts';
import { settingAt } from '../settings.ts';
import { lead } from '../store/runs.ts';
import { Icon } from './icon.tsx';

export interface FoldBoxProps {
  readonly id: string;
  readonly title: string;
  readonly gist: string;
  /** Settings inside; a dot on the summary says that one differs from the run. */
  readonly changedPaths?: readonly string[];
  /** A fold inside a fold. */
  readonly sub?: boolean;
  readonly children: ReactNode;
}

export function FoldBox({
  id,
  title,
  gist,
  changedPaths = [],
  sub = false,
  children,
}: FoldBoxProps) {
  const { preferences } = usePage();
  const open = usePreference((stored) => stored.folds[id] ?? false);
  const changed = useLab((data) => {
    const { draft } = data;
    const running = lead(data)?.experiment ?? draft;
    return running !== draft
      ? changedPaths.some(
          (path) => !Object.is(settingAt(running, path)?.value, settingAt(draft, path)?.value),
        )
      : false;
  });
  return (
    <details
      className={`fold${sub ? ' sub' : ''}${changed ? ' changed' : ''}`}
      data-fold={id}
      open={open}
      onToggle={(event) => {
        const now = event.currentTarget.open;
        if (now !== open) {
          preferences.setState(({ folds }) => ({ folds: { ...folds, [id]: now } }));
        }
        event.stopPropagation();
      }}
    >
      <summary>
        <Icon name="right" small />
        {sub ? <span>{title}</span> : <h2>{title}</h2>}
        <span className="gist">{gist}</span>
      </summary>
      {open && children}
    </details>
  );
}
