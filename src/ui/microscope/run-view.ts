/** What is looked at under every loss, and how it stands in the address. */
import { create } from 'zustand';
import type { Move } from '../../rl/objectives/every-loss.ts';

export interface RunView {
  /** The run, by its place in the group. */
  readonly run: number;
  /** A logged step; null follows the newest. */
  readonly step: number | null;
  /** Places in the step, in the group and in the answer; null is what the page picks. */
  readonly group: number | null;
  readonly answer: number | null;
  readonly token: number | null;
  readonly move: Move;
}

/** The policy moves by at most this many nats. */
export const MOST = 2;
export const MOVES = ['update', 'sign', 'alike'] as const satisfies readonly Move['by'][];

const PLACES = ['run', 'step', 'group', 'answer', 'token'] as const;

/** Reads an address; what is missing or makes no sense is left to the page. People count from 1, but steps are steps. */
export function readView(query: URLSearchParams): RunView {
  const place = (name: (typeof PLACES)[number]): number | null => {
    const text = query.get(name) ?? '';
    if (!/^\d{1,6}$/.test(text)) return null;
    return name === 'step' ? Number(text) : Math.max(0, Number(text) - 1);
  };
  const text = query.get('move') ?? '';
  const amount = /^-?\d(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  return {
    run: place('run') ?? 0,
    ...{ step: place('step'), group: place('group') },
    ...{ answer: place('answer'), token: place('token') },
    move: {
      by: MOVES.find((one) => one === query.get('by')) ?? 'update',
      amount: Math.max(-MOST, Math.min(MOST, amount)),
    },
  };
}

/** Adds what is looked at to an address. */
export function writeView(query: URLSearchParams, view: RunView): void {
  if (view.run > 0) query.set('run', String(view.run + 1));
  for (const name of PLACES.slice(1)) {
    const at = view[name];
    if (at !== null) query.set(name, String(name === 'step' ? at : at + 1));
  }
  if (view.move.by !== 'update') query.set('by', view.move.by);
  if (view.move.amount !== 0) query.set('move', String(Number(view.move.amount.toFixed(2))));
}

const opened = () =>
  readView(new URLSearchParams(typeof location === 'undefined' ? '' : location.search));

/** Of the page: it stays while another page shows. */
export const useRunView = create<RunView>()(opened);

/** Looks at another group: the page picks an answer and a token of it. */
export function lookAt(place: Partial<Pick<RunView, 'run' | 'step' | 'group'>>): void {
  useRunView.setState({ answer: null, token: null, ...place });
}
