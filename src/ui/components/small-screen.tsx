/** On a small touch screen, until somebody presses Run: that nothing is computed yet, and where it would be faster. */
import { useLab } from '../context.ts';

export function SmallScreen() {
  const unasked = useLab((data) => !data.gpuAsked && data.present === null);
  if (!unasked) return null;
  return (
    <aside className="firstline" aria-label="Small screen">
      <p className="quiet">
        Nothing is computed on this device before you press <b>Run</b>; a laptop is faster.
      </p>
    </aside>
  );
}
