/** A native select with the page's arrow. */
import type { ComponentProps } from 'react';
import { Icon } from './icon.tsx';

export function Select(props: ComponentProps<'select'>) {
  return (
    <span className="select">
      <select {...props} />
      <Icon name="down" small />
    </span>
  );
}
