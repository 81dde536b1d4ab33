/** What keys mean to what has the focus. */

/** Whether it uses the key itself: text fields all of them, buttons Space, sliders the arrows. */
export function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('textarea, select, [contenteditable]')) return true;
  const input = target.closest('input');
  if (input) {
    const slider = input.type === 'range' || input.type === 'radio';
    const box = input.type === 'checkbox';
    if (box) return key === ' ';
    return slider
      ? key === ' ' || key.startsWith('Arrow') || key === 'Home' || key === 'End'
      : key !== 'Escape';
  }
  if (key === ' ') return target.closest('button, summary, a, [role="button"]') !== null;
  // A region that scrolls sideways needs its arrows.
  return key.startsWith('Arrow') && target.closest('pre, [data-arrow-keys]') !== null;
}
