/** Used elsewhere: a heat map of how well rewards do on answers of policies that they never saw. Measured by the study, not live. */
import { useId, useState } from 'react';
import { colourStep } from '../../samples/token-colour.ts';
import { Scale } from '../../samples/token-legend.tsx';
import { useSubjectData } from '../subject-context.ts';
import {
  cellOf,
  ELSEWHERE,
  homeOf,
  type Measured,
  QUANTITIES,
  type Quantity,
  sideOf,
  spanText,
  type World,
  worldOf,
} from './elsewhere.ts';
import { useWrong } from './wrong-context.tsx';

export function ElsewhereSection() {
  const { seeds, worlds, questions, answers } = ELSEWHERE;
  const [quantity, setQuantity] = useState(QUANTITIES[0]);
  const rewardKey = useWrong((data) => data.reward.ref.key);
  const policyKey = useSubjectData((data) => data.policy.ref.key);
  const [home, place] = [homeOf(rewardKey), worldOf(policyKey)];
  const id = useId();
  return (
    <section className="elsewhere" aria-labelledby={id}>
      <h3 id={id}>Used elsewhere</h3>
      <p className="quiet">
        Does a reward that was learned against one policy help with another one’s answers? Measured
        in the study, not live: {seeds.length * worlds.length} reward models, {seeds.length} seeds
        against each policy, read at every token, {answers} answers to each of {questions} held-out
        questions.
      </p>
      <fieldset className="segmented">
        <legend className="sr">The cells show</legend>
        {QUANTITIES.map((one) => (
          <label key={one.id}>
            <input
              type="radio"
              name={`${id}-quantity`}
              checked={one === quantity}
              onChange={() => setQuantity(one)}
            />
            {one.label}
          </label>
        ))}
      </fieldset>
      <p className="quiet">{quantity.says}</p>
      <HeatMap {...{ quantity, home, place }} />
      <div className="told-scale">
        <Scale mode={quantity} />
      </div>
      <p className="quiet">
        Means over seeds with 95 % intervals. Bold: the whole interval lies on one side of{' '}
        {quantity.centre}.
      </p>
      <Here {...{ quantity, home, place }} />
    </section>
  );
}

interface Looked {
  readonly quantity: Quantity;
  /** Where the reward that reads was learned. */
  readonly home: World | undefined;
  /** Whose answers it reads. */
  readonly place: World | undefined;
}

function HeatMap({ quantity, home, place }: Looked) {
  const { worlds } = ELSEWHERE;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="scroller" tabIndex={0} aria-label="Rewards and policies" data-arrow-keys>
      <table className="heat">
        <caption className="sr">
          {quantity.label}, with 95 % intervals. Rows: what the reward was learned against. Columns:
          whose answers it is used on.
        </caption>
        <thead>
          <tr>
            <td />
            <th scope="colgroup" colSpan={worlds.length}>
              used on the answers of a policy with
            </th>
          </tr>
          <tr>
            <th scope="col">learned against</th>
            {worlds.map((on) => (
              <th key={on.id} scope="col" className={on === place ? 'here' : undefined}>
                {on.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {worlds.map((from) => (
            <tr key={from.id}>
              <th scope="row" className={from === home ? 'here' : undefined}>
                {from.label}
              </th>
              {worlds.map((on) => (
                <HeatCell
                  key={on.id}
                  quantity={quantity}
                  value={cellOf(from.id, on.id)?.[quantity.id] ?? null}
                  here={from === home && on === place}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HeatCell({
  quantity,
  value,
  here,
}: {
  readonly quantity: Quantity;
  readonly value: Measured | null;
  readonly here: boolean;
}) {
  if (value === null) return <td>not measured</td>;
  const side = sideOf(value, quantity);
  const colour = colourStep(quantity.times * value.mean, quantity);
  const mean = quantity.text(value.mean);
  return (
    <td className={here ? `${colour} here` : colour}>
      {side === 'undecided' ? mean : <b>{mean}</b>}
      <span className="span">{spanText(value, quantity)}</span>
    </td>
  );
}

/** The cell of what is looked at, in words. */
function Here({ quantity, home, place }: Looked) {
  const value = home && place && cellOf(home.id, place.id)?.[quantity.id];
  return (
    <p role="status">
      {value ? (
        <>
          A reward learned against {home.label}, on answers of the policy with {place.label}:{' '}
          <b>{quantity.verdicts[sideOf(value, quantity)]}</b>. Those of the study learned for{' '}
          {home.steps} steps; the one that reads above may have learned longer, and do better.
        </>
      ) : (
        'Of the reward and the policy that are chosen here, nothing was measured.'
      )}
    </p>
  );
}
