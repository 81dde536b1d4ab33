/**
 * The answer as a ruler: its text set large, one cell a token, and the curve under it on the same scale. The cut is dragged by
 * mouse and touch; its keys and its place for screen readers are those of a native slider.
 */
import { type CSSProperties, type PointerEvent, useMemo, useRef } from 'react';
import { Cell } from '../cell.tsx';
import { percent, type TokenLine, tokenLines, widthOf } from '../token-lines.ts';
import type { Answer } from './answer.ts';
import { Curve } from './curve.tsx';
import { cutAtPlace, moveOf, placeOf } from './cuts.ts';
import { moveActiveCut, useScope } from './transfer-context.tsx';
import { cutText } from './words.ts';

/** Pixels at either side of the scroller in which a drag scrolls on, and how far each move does. */
const EDGE = 40;
const EDGE_STEP = 12;

export function Ruler({ answer, cut, lane }: { answer: Answer; cut: number; lane: number }) {
  const scope = useScope();
  const slider = useRef<HTMLInputElement>(null);
  const lines = useMemo(() => tokenLines(answer.tokens.map(widthOf), answer.steps), [answer]);
  const widest = Math.max(1, ...lines.map(({ width }) => width));
  return (
    <div className="scroller">
      <div className="ruler" style={{ '--chars': widest } as CSSProperties}>
        <input
          ref={slider}
          className="sr cutinput"
          type="range"
          min={0}
          max={answer.tokens.length}
          step={1}
          value={cut}
          aria-label="Cut, in tokens"
          aria-valuetext={cutText(answer, cut)}
          onFocus={() => scope.look(lane)}
          onChange={(event) => scope.moveCut(lane, Number(event.target.value))}
          onKeyDown={(event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            const move = moveOf(event.key, event.shiftKey);
            if (!move) return;
            event.preventDefault();
            moveActiveCut(scope, move.direction, move.by);
          }}
        />
        {lines.map((line, i) => (
          <Line
            key={line.from}
            answer={answer}
            line={line}
            last={i === lines.length - 1}
            share={line.width / widest}
            cut={cut}
            onCut={(at) => scope.moveCut(lane, at)}
            onGrab={() => slider.current?.focus({ preventScroll: true })}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly answer: Answer;
  readonly line: TokenLine;
  readonly last: boolean;
  /** Width of this line against the widest. */
  readonly share: number;
  readonly cut: number;
  readonly onCut: (cut: number) => void;
  readonly onGrab: () => void;
}

function Line({ answer, line, last, share, cut, onCut, onGrab }: LineProps) {
  const place = placeOf(line, cut, last);
  const drag = useDrag(line, onCut, onGrab);
  return (
    // The line's width follows from its characters, so it cannot be a class.
    <div className="rule" style={{ width: `${100 * share}%` }} {...drag}>
      <div className="cells mono" aria-hidden="true">
        {answer.tokens.slice(line.from, line.to).map((token, i) => {
          const at = line.from + i;
          return (
            <span
              key={at}
              className={at >= cut ? 'after' : undefined}
              style={{ flexGrow: line.edges[i + 1] - line.edges[i] }}
            >
              <Cell token={token} />
            </span>
          );
        })}
      </div>
      <p className="sr">{answer.prefixes[line.to].slice(answer.prefixes[line.from].length)}</p>
      <Curve answer={answer} line={line} first={line.from === 0} last={last} cut={cut} />
      {place !== undefined && line.width > 0 && (
        <>
          <svg className="cut" aria-hidden="true">
            <line x1={percent(place, line)} x2={percent(place, line)} y1="0" y2="100%" />
          </svg>
          <svg className="grip" aria-hidden="true">
            <svg
              x={percent(place, line)}
              width="1"
              height="1"
              overflow="visible"
              aria-hidden="true"
            >
              <rect className="touch" x="-22" y="-22" width="44" height="44" />
              <rect x="-15" y="-11" width="30" height="22" rx="11" />
              <path d="M-6 -4l-4 4 4 4M6 -4l4 4-4 4" />
            </svg>
          </svg>
        </>
      )}
    </div>
  );
}

/**
 * Dragging by pointer. A mouse cuts wherever it presses; a finger cuts where it taps and drags by the handle, so that everything
 * else scrolls under it as usual.
 */
function useDrag(line: TokenLine, onCut: (cut: number) => void, onGrab: () => void) {
  const dragging = useRef(false);
  const cutHere = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * line.width;
    onCut(cutAtPlace(line, place));
  };
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      if (event.button !== 0) return;
      const byHandle = event.target instanceof Element && event.target.closest('.touch') !== null;
      if (event.pointerType === 'touch' && !byHandle) return;
      dragging.current = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      // The press would take the focus away from the slider again.
      event.preventDefault();
      onGrab();
      if (!byHandle) cutHere(event);
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>) {
      if (!dragging.current) return;
      scrollAtEdge(event);
      cutHere(event);
    },
    onPointerUp(event: PointerEvent<HTMLDivElement>) {
      // A tap of a finger; one that scrolled ends in a cancel instead.
      if (!dragging.current && event.pointerType === 'touch') {
        onGrab();
        cutHere(event);
      }
      dragging.current = false;
    },
    onPointerCancel() {
      dragging.current = false;
    },
  };
}

function scrollAtEdge(event: PointerEvent<HTMLDivElement>): void {
  const scroller = event.currentTarget.closest('.scroller');
  if (!scroller) return;
  const { left, right } = scroller.getBoundingClientRect();
  if (event.clientX < left + EDGE) scroller.scrollLeft -= EDGE_STEP;
  if (event.clientX > right - EDGE) scroller.scrollLeft += EDGE_STEP;
}
