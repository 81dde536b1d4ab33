/**
 * One place where all charts wait for their redraw, so that a dozen of them do not fall into the same frame: one is drawn
 * in every second frame, and the frames between belong to the reader's input. Frames stop in a hidden tab, and with them
 * all drawing. What is slow is thus drawn less often, instead of making the page stutter.
 */
const waiting: (() => void)[] = [];
let asked = false;
let rest = false;

/** Calls `draw` when it is its turn; the answer takes it out of the queue. */
export function drawSoon(draw: () => void): () => void {
  waiting.push(draw);
  ask();
  return () => {
    const at = waiting.indexOf(draw);
    if (at >= 0) waiting.splice(at, 1);
  };
}

function ask(): void {
  if (asked || waiting.length === 0) return;
  asked = true;
  requestAnimationFrame(frame);
}

function frame(): void {
  asked = false;
  rest = !rest;
  try {
    if (rest) waiting.shift()?.();
  } finally {
    ask();
  }
}
