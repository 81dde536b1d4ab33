/** What makes each of the losses what it is, under the table that has them beside each other. */
import { Icon } from '../../components/icon.tsx';
import { LOSS_NAMES, LOSS_SAYS } from '../loss-words.ts';
import type { Weighed } from '../weighed.ts';

export function EachLoss({ losses }: Pick<Weighed, 'losses'>) {
  return (
    <details className="fold eachloss">
      <summary>
        <Icon name="right" small />
        What each loss is
      </summary>
      <dl className="small">
        {losses.map(({ loss }) => (
          <div key={loss}>
            <dt>{LOSS_NAMES[loss]}</dt>
            <dd>{LOSS_SAYS[loss]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
