/** Above the table of runs: bundles that are verified one after the other, and one summary of all. */
import { useStore } from 'zustand';
import './verify.css';
import { Icon } from '../components/icon.tsx';
import { useLab, usePage } from '../context.ts';
import { saveFile } from '../files.ts';
import type { Item } from './verify-list.ts';
import {
  differsText,
  isEqual,
  outcomeText,
  reasonText,
  summaryJson,
  summaryText,
} from './verify-words.ts';

export function VerifyPane() {
  const { verify } = usePage();
  const { items, going } = useStore(verify.store);
  const busy = useLab(
    (data) => data.state !== 'idle' && data.state !== 'finished' && data.state !== 'failed',
  );
  const noGpu = useLab((data) => data.noGpu !== null);
  if (items.length === 0) return null;
  const waiting = items.some(({ state }) => state === 'waiting');
  return (
    <section className="verify" aria-labelledby="verify-title">
      <header>
        <h2 id="verify-title">Verify</h2>
        <span className="quiet" role="status">
          {summaryText(items)}
        </span>
        <span className="spacer" />
        {going ? (
          <button className="btn" type="button" onClick={() => verify.stop()}>
            Stop
          </button>
        ) : (
          waiting && (
            <button
              className="btn primary"
              type="button"
              disabled={busy || noGpu}
              onClick={() => void verify.begin()}
            >
              Verify
            </button>
          )
        )}
        <button
          className="btn"
          type="button"
          onClick={() => saveFile('verified.json', 'application/json', summaryJson(items))}
        >
          <Icon name="save" />
          JSON
        </button>
        <button
          className="btn bare icon-only"
          type="button"
          aria-label="Close the verification"
          onClick={() => verify.clear()}
        >
          <Icon name="close" small />
        </button>
      </header>
      {!going && waiting && (busy || noGpu) && (
        <p className="small quiet">
          {noGpu
            ? 'Verifying needs WebGPU, which this browser does not give.'
            : 'A run is under way in the lab. Reset it, or let it end; then verify.'}
        </p>
      )}
      <ul>
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Row({ item }: { readonly item: Item }) {
  const differs = differsText(item);
  return (
    <li className={item.state}>
      <span className="mark">
        {isEqual(item) ? (
          <Icon name="done" small />
        ) : differs !== '' || item.state === 'refused' || item.state === 'ended' ? (
          <Icon name="error" small />
        ) : null}
      </span>
      <span className="medium">{item.name}</span>
      <span className="quiet">{outcomeText(item)}</span>
      {differs !== '' && (
        <span className="small below">
          {differs}. {reasonText(item)}
        </span>
      )}
    </li>
  );
}
