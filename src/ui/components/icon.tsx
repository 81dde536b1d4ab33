/** The icons, on a 16 px grid with a 1.5 px stroke; `s` is the 12 px form inside text. An icon never stands alone without a name. */
import type { ReactNode } from 'react';

const SHAPES = {
  run: (
    <path
      className="solid"
      d="M5 3.2v9.6c0 .5.5.8 1 .5l7-4.8a.6.6 0 0 0 0-1L6 2.7c-.5-.3-1 0-1 .5z"
    />
  ),
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2" />,
  step: (
    <>
      <path
        className="solid"
        d="M3 3.7v8.6c0 .4.5.7.9.4l5.8-4.2a.6.6 0 0 0 0-1L3.9 3.3c-.4-.3-.9 0-.9.4z"
      />
      <path d="M12.5 3.5v9" strokeWidth="2" />
    </>
  ),
  reset: (
    <>
      <path d="M3.2 5.2A5.5 5.5 0 1 1 2.5 8" />
      <path d="M2.8 2.2v3.2H6" />
    </>
  ),
  restart: (
    <>
      <path d="M12.8 5.2A5.5 5.5 0 1 0 13.5 8" />
      <path d="M13.2 2.2v3.2H10" />
    </>
  ),
  live: <path d="M1.5 8h2.8l2-4.5 3.4 9 2-4.5h2.8" />,
  chip: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1.5" />
      <path d="M6 1.8V4M10 1.8V4M6 12v2.2M10 12v2.2M1.8 6H4M1.8 10H4M12 6h2.2M12 10h2.2" />
    </>
  ),
  link: (
    <path d="M6.5 9.5l3-3M7 4.8l1.6-1.6a2.7 2.7 0 0 1 3.9 3.9L11 8.7M9 11.2l-1.6 1.6a2.7 2.7 0 0 1-3.9-3.9L5 7.3" />
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M6.3 6.3a1.75 1.75 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1v.2" />
      <path d="M8 11.3v.05" strokeWidth="1.8" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path className="solid" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 7.3v3.6" />
      <path d="M8 5v.05" strokeWidth="1.9" />
    </>
  ),
  warn: (
    <>
      <path d="M8 2.3l6 10.9H2z" />
      <path d="M8 6.6v3" />
      <path d="M8 11.4v.05" strokeWidth="1.8" />
    </>
  ),
  error: (
    <>
      <path d="M5.4 2.2h5.2l3.2 3.2v5.2l-3.2 3.2H5.4l-3.2-3.2V5.4z" />
      <path d="M6 6l4 4M10 6l-4 4" />
    </>
  ),
  done: <path d="M3 8.5l3.3 3.3L13 4.6" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  add: <path d="M8 3.5v9M3.5 8h9" />,
  right: <path d="M6 4l4 4-4 4" />,
  down: <path d="M4 6l4 4 4-4" />,
  up: <path d="M4 10l4-4 4 4" />,
  find: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="M10 10l3.3 3.3" />
    </>
  ),
  folder: <path d="M2 12.5v-9h4l1.5 2H14v7z" />,
  pin: (
    <>
      <path d="M6 2.5h4l-.6 4.2 2.3 2.1H4.3l2.3-2.1z" />
      <path d="M8 8.8v4.7" />
    </>
  ),
  pinned: (
    <>
      <path className="solid" d="M5.4 2.2h5.2L10 6.4l2.6 2.9H3.4L6 6.4z" />
      <path d="M8 9v4.7" />
    </>
  ),
  file: (
    <>
      <path d="M4 1.8h5l3 3v9.4H4z" />
      <path d="M9 1.8v3h3" />
    </>
  ),
  save: (
    <>
      <path d="M8 2.5v7.5M5 7.2l3 3 3-3" />
      <path d="M3 12.8h10" />
    </>
  ),
  dice: (
    <>
      <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="2" />
      <path d="M6 6v.05M10 10v.05M8 8v.05" strokeWidth="1.8" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.2" />
      <path d="M5.5 7V5.2a2.5 2.5 0 0 1 5 0V7" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Decoration beside a name: hidden from assistive technology. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? 'icon s' : 'icon'} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

/** The mark of Baton: a bar cut in two, the second half in the accent, for the hand-over. */
export function BatonMark() {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M3.5 16.5l5.2-5.2" stroke="currentColor" strokeWidth="3.4" strokeLinecap="round" />
      <path d="M11.3 8.7l5.2-5.2" stroke="var(--accent)" strokeWidth="3.4" strokeLinecap="round" />
    </svg>
  );
}
