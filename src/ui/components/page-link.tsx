/** Going from one page of the app to another. */
import type { MouseEvent, ReactNode } from 'react';
import { usePage } from '../context.ts';
import { type PageId, pageAddress } from '../pages.ts';
import { showPage } from '../store/view.ts';

/** A link to a page. It opens like any link in a new tab, and without loading anything anew in this one. */
export function PageLink({
  to,
  current = false,
  className,
  onFollow,
  children,
}: {
  to: PageId;
  current?: boolean;
  className?: string;
  /** Called before the page shows, where it shows in this tab. */
  onFollow?: () => void;
  children: ReactNode;
}) {
  const { view } = usePage();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!plain || event.altKey) return;
    event.preventDefault();
    onFollow?.();
    if (view.getState().page === to) return;
    history.pushState(null, '', pageAddress(to, location.hash));
    showPage(view, to);
  };
  return (
    <a
      className={className}
      href={pageAddress(to, '')}
      aria-current={current ? 'page' : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
