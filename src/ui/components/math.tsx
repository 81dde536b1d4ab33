/** Formulas in MathML. React's types do not know its elements, so they are made here, and formulas are put together from these. */
import { createElement, type ReactNode } from 'react';

interface Inside {
  readonly children?: ReactNode;
}

/** A formula that stands on a line of its own. */
export function Formula({ children, label }: Inside & { readonly label?: string }) {
  return createElement('math', { display: 'block', 'aria-label': label }, children);
}

/** A formula in a sentence. */
export function Inline({ children }: Inside) {
  return createElement('math', null, children);
}

/** A name that stands for a number: upright where it is a word. */
export function Name({ children }: { readonly children: string }) {
  return createElement(children.length > 2 ? 'mtext' : 'mi', null, children);
}

/** A number as it is shown; the result of a formula is bold. */
export function Num({ children, result }: { readonly children: string; readonly result?: true }) {
  return createElement('mn', result && { className: 'res' }, children);
}

export function Op({ children }: { readonly children: string }) {
  return createElement('mo', null, children);
}

export function Row({ children }: Inside) {
  return createElement('mrow', null, children);
}

export function Frac({ top, bottom }: { readonly top: ReactNode; readonly bottom: ReactNode }) {
  return createElement('mfrac', null, <Row>{top}</Row>, <Row>{bottom}</Row>);
}

export function Sub({ base, sub }: { readonly base: ReactNode; readonly sub: ReactNode }) {
  return createElement('msub', null, <Row>{base}</Row>, <Row>{sub}</Row>);
}

export function Sup({ base, sup }: { readonly base: ReactNode; readonly sup: ReactNode }) {
  return createElement('msup', null, <Row>{base}</Row>, <Row>{sup}</Row>);
}

export function Sqrt({ children }: Inside) {
  return createElement('msqrt', null, <Row>{children}</Row>);
}

/** A sum over `over`. */
export function Sum({ over }: { readonly over: string }) {
  return createElement('munder', null, <Op>∑</Op>, <Name>{over}</Name>);
}

/** |o|, |x|. */
export function Length({ of }: { readonly of: ReactNode }) {
  return (
    <Row>
      <Op>|</Op>
      {of}
      <Op>|</Op>
    </Row>
  );
}
