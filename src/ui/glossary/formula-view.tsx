/** A formula as MathML, which browsers draw and screen readers speak. React draws its elements, though its types have none of them. */
import { createElement, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type Formula, readFormula } from './formula.ts';

export function FormulaView({ text }: { readonly text: string }) {
  const formula = useMemo(() => readFormula(text), [text]);
  const box = useRef<HTMLElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const observer = new ResizeObserver(([{ target }]) =>
      setScrolls(target.scrollWidth > target.clientWidth),
    );
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  // A long formula scrolls in its own box, which keys must then reach.
  return (
    <section
      ref={box}
      className="formula"
      {...(scrolls && { tabIndex: 0, 'aria-label': 'Formula', 'data-arrow-keys': true })}
    >
      {createElement('math', { display: 'block' }, drawn(formula))}
    </section>
  );
}

const LEAVES = { name: 'mi', number: 'mn', sign: 'mo', text: 'mtext' } as const;

function drawn(formula: Formula): ReactNode {
  switch (formula.kind) {
    case 'name':
    case 'number':
    case 'sign':
    case 'text':
      return createElement(LEAVES[formula.kind], null, formula.text);
    case 'row':
      return createElement('mrow', null, ...formula.parts.map(drawn));
    case 'root':
      return createElement('msqrt', null, ...formula.parts.map(drawn));
    case 'fraction':
      return createElement('mfrac', null, row(formula.over), row(formula.under));
    case 'marked': {
      const { base, low, high } = formula;
      const marks = [low, high].flatMap((mark) => (mark ? [row(mark)] : []));
      return createElement(markTag(formula), null, row(base), ...marks);
    }
  }
}

/** One child, as fractions and marks need it. */
function row(formula: Formula): ReactNode {
  return createElement('mrow', null, drawn(formula));
}

function markTag({ low, high, stacked }: Extract<Formula, { kind: 'marked' }>): string {
  if (low && high) return stacked ? 'munderover' : 'msubsup';
  if (low) return stacked ? 'munder' : 'msub';
  return stacked ? 'mover' : 'msup';
}
