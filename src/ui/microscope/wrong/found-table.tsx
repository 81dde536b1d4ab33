/** How often each finder names the first wrong step of the wrong answers that were drawn. */
import type { Finder, FoundBy } from '../../../rl/airl/find-error.ts';

const NAMES: readonly (readonly [Finder, string])[] = [
  ['largest_drop', 'where the reward falls most'],
  ['lowest_reward', 'where the reward is lowest'],
  ['log_probability', 'the policy’s least likely token'],
  ['chance', 'any step'],
];

/** Who finds errors better, where the intervals decide it. */
function comparison({ largest_drop: drop, log_probability: own }: FoundBy): string | null {
  if (!drop || !own) return null;
  const [reward, doubt] = [drop.hit_at_1_interval, own.hit_at_1_interval];
  if (doubt.low > reward.high)
    return 'The policy’s own doubt finds them better here, as where a mistake is the rarer of its ways.';
  if (reward.low > doubt.high)
    return 'The reward finds them better here, as where a policy makes its mistake as a rule and does not doubt it.';
  return null;
}

export function FoundTable({ traces, by }: { readonly traces: number; readonly by: FoundBy }) {
  const rows = NAMES.flatMap(([finder, name]) => {
    const found = by[finder];
    return found ? [{ finder, name, found }] : [];
  });
  const said = comparison(by);
  return (
    <section className="foundtable" aria-labelledby="found-h">
      <h3 id="found-h">How often the pick is right</h3>
      <p className="quiet">
        The first wrong step of {traces} wrong {traces === 1 ? 'answer' : 'answers'}, one guess, all
        asked on the same grid of steps, with 95 % intervals.
      </p>
      <ul>
        {rows.map(({ finder, name, found: { hit_at_1: hit, hit_at_1_interval: interval } }) => (
          <li key={finder}>
            <span>{name}</span>
            <Whisker {...interval} open={finder === 'log_probability' || finder === 'chance'} />
            <b>{hit.toFixed(2)}</b>
            <span className="quiet">
              {interval.low.toFixed(2)} to {interval.high.toFixed(2)}
            </span>
          </li>
        ))}
      </ul>
      {said && <p>{said}</p>}
    </section>
  );
}

/** From 0 to 1. What was not learned for the purpose has an open disc. */
function Whisker({
  mean,
  low,
  high,
  open,
}: {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly open: boolean;
}) {
  const x = (share: number) => `${100 * share}%`;
  return (
    <svg className="whisker" aria-hidden="true">
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <line key={tick} className="tick" x1={x(tick)} x2={x(tick)} y2="100%" />
      ))}
      <line className="span" x1={x(low)} x2={x(high)} y1="50%" y2="50%" />
      <circle className={open ? 'open' : undefined} cx={x(mean)} cy="50%" r={4} />
    </svg>
  );
}
