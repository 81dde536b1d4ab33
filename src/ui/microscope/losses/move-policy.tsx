/** Moves the policy away from the one that sampled, so that ratios leave 1 and bounds hold. */
import type { Move } from '../../../rl/objectives/every-loss.ts';
import { signed } from '../../samples/token-colour.ts';
import { LOSS_NAMES } from '../loss-words.ts';
import { MOST, MOVES, useRunView } from '../run-view.ts';
import type { Weighed } from '../weighed.ts';

const MOVE_NAMES: Readonly<Record<Move['by'], string>> = {
  update: 'As an update would',
  sign: 'By the sign of A',
  alike: 'All alike',
};

const MOVE_SAYS: Readonly<Record<Move['by'], string>> = {
  update:
    'Up where the advantage A is above 0, down where it is below, and more where the token was unlikely: a step on a token’s own logit moves its log-prob by 1 − p.',
  sign: 'Up by this much where the advantage A is above 0, down where it is below.',
  alike: 'Every log-prob by this much.',
};

export function MovePolicy({ weighed }: { readonly weighed: Weighed }) {
  const { by, amount } = useRunView((view) => view.move);
  const set = (change: Partial<Move>) =>
    useRunView.setState(({ move }) => ({ move: { ...move, ...change } }));
  return (
    <div className="movepolicy">
      <label className="label" htmlFor="losses-move">
        Move the policy
      </label>
      <input
        id="losses-move"
        className="range"
        type="range"
        min={-MOST}
        max={MOST}
        step={0.02}
        value={amount}
        aria-valuetext={`${signed(amount)} nats`}
        onChange={(event) => set({ amount: event.currentTarget.valueAsNumber })}
      />
      <output className="n" htmlFor="losses-move">
        <b>{signed(amount)}</b> <span className="faint">nats, ratio</span>{' '}
        <b>{Math.exp(amount).toFixed(2)}</b>
      </output>
      <button
        className="btn"
        type="button"
        disabled={amount === 0}
        onClick={() => set({ amount: 0 })}
      >
        Back to 0
      </button>
      <fieldset className="segmented">
        <legend className="sr">How it moves</legend>
        {MOVES.map((one) => (
          <label key={one} title={MOVE_SAYS[one]}>
            <input
              type="radio"
              name="losses-by"
              checked={one === by}
              onChange={() => set({ by: one })}
            />
            {MOVE_NAMES[one]}
          </label>
        ))}
      </fieldset>
      <p className="small quiet">
        {MOVE_SAYS[by]} {stateText(weighed, amount)}
      </p>
    </div>
  );
}

/** What the move has come to. */
function stateText({ losses, group }: Weighed, amount: number): string {
  if (group.answers.every(({ advantage }) => advantage === 0))
    return 'All answers scored the same: every advantage of the group is 0, and it teaches nothing under the losses that compare within it.';
  if (amount === 0)
    return 'At 0 the policy is the one that sampled: every ratio is 1 and nothing is held, so the losses differ by what they divide by.';
  const held = losses.flatMap(({ loss, answers }) => {
    const count = answers.flatMap((answer) => answer.held).filter(Boolean).length;
    return count === 0 ? [] : [`${LOSS_NAMES[loss]} ${count}`];
  });
  if (held.length === 0) return 'No token is held by a bound yet.';
  return `Tokens held by a bound: ${held.join(', ')}.`;
}
