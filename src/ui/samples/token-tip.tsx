import { Fragment, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SampleGroup } from '../../rl/records.ts';
import { isChatter } from './chatter.ts';
import { modesFor, probability, tokenValue, valueText } from './token-colour.ts';
import { spoken } from './visible-text.ts';

interface Props {
  readonly list: RefObject<HTMLElement | null>;
  readonly group: SampleGroup;
}

interface Shown {
  readonly element: HTMLElement;
  readonly answer: number;
  readonly token: number;
  readonly byKey: boolean;
}

/**
 * The number behind a token's colour, on hover and on focus. It listens on the list and draws itself only, so that moving
 * over hundreds of tokens draws none of them again.
 */
export function TokenTip({ list, group }: Props) {
  const [shown, setShown] = useState<Shown | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root = list.current;
    if (!root) return;
    const over = (event: PointerEvent) => setShown(describeTarget(event.target, false));
    const out = () => setShown(null);
    const focus = (event: FocusEvent) => {
      const strip = event.target;
      if (!(strip instanceof HTMLElement && strip.matches('.strip:focus-visible'))) return;
      setShown(describeTarget(strip.querySelector('[data-token]'), true));
    };
    const key = (event: KeyboardEvent) => {
      const strip = event.target;
      if (!(strip instanceof HTMLElement && strip.matches('.strip'))) return;
      const tokens = [...strip.querySelectorAll<HTMLElement>('[data-token]')];
      setShown((old) => {
        const at = old ? tokens.indexOf(old.element) : -1;
        const next = nextIndex(event.key, at, tokens.length);
        return next === undefined ? old : describeTarget(tokens[next] ?? null, true);
      });
      // Within a strip these keys go from token to token and must not also move the step.
      if (nextIndex(event.key, 0, tokens.length) !== undefined) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    root.addEventListener('pointerover', over);
    root.addEventListener('pointerleave', out);
    root.addEventListener('focusin', focus);
    root.addEventListener('focusout', out);
    root.addEventListener('keydown', key);
    return () => {
      root.removeEventListener('pointerover', over);
      root.removeEventListener('pointerleave', out);
      root.removeEventListener('focusin', focus);
      root.removeEventListener('focusout', out);
      root.removeEventListener('keydown', key);
    };
  }, [list]);
  useLayoutEffect(() => {
    const tip = box.current;
    if (!tip || !shown) return;
    const at = shown.element.getBoundingClientRect();
    const width = tip.offsetWidth;
    const left = Math.min(
      window.innerWidth - width - 8,
      Math.max(8, at.left + at.width / 2 - width / 2),
    );
    const above = at.top - tip.offsetHeight - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : at.bottom + 6}px`;
    // With the keyboard the token itself shows where one is; with the pointer :hover does.
    if (!shown.byKey) return;
    shown.element.classList.add('at');
    return () => shown.element.classList.remove('at');
  }, [shown]);
  const completion = shown ? group.completions[shown.answer] : undefined;
  const piece = shown ? completion?.pieces[shown.token] : undefined;
  if (!shown || !completion || piece === undefined || !shown.element.isConnected) return null;
  const last = !completion.truncated && shown.token === completion.pieces.length - 1;
  return (
    <div className="tip tokentip" ref={box} role={shown.byKey ? 'status' : 'tooltip'}>
      <h4>
        <span className="mono">{last ? 'end' : spoken(piece)}</span>
        <span className="faint">
          {' '}
          token {shown.token + 1}
          {isChatter(completion, shown.token) ? ', chatter' : ''}
        </span>
      </h4>
      <dl>
        {modesFor([completion]).map((mode) => {
          const value = tokenValue(completion, shown.token, mode);
          if (value === undefined) return null;
          return (
            <Fragment key={mode.id}>
              <dt>{mode.label}</dt>
              <dd>{valueText(value, mode)}</dd>
              {mode.logprob ? (
                <>
                  <dt>probability</dt>
                  <dd>{probability(value)}</dd>
                </>
              ) : null}
            </Fragment>
          );
        })}
      </dl>
    </div>
  );
}

function describeTarget(target: EventTarget | null, byKey: boolean): Shown | null {
  if (!(target instanceof Element)) return null;
  const element = target.closest<HTMLElement>('[data-token]');
  const strip = element?.closest<HTMLElement>('[data-answer]');
  if (!element || !strip) return null;
  const answer = Number(strip.dataset.answer);
  return { element, answer, token: Number(element.dataset.token), byKey };
}

function nextIndex(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'ArrowRight') return Math.min(count - 1, at + 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}
