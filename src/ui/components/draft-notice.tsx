/** What the draft changes against the run, line by line, and the two ways out. Live settings on their way to the run are not listed. */
import { useLab, usePage } from '../context.ts';
import { changeText, draftChanges } from '../settings.ts';
import { showSetting } from '../show-setting.ts';
import { lead } from '../store/runs.ts';
import { Icon } from './icon.tsx';

/** More lines than this are counted instead of listed. */
const MAX_LINES = 8;

const NONE: readonly string[] = [];

export function DraftNotice() {
  const { lab, preferences } = usePage();
  const running = useLab((data) => lead(data)?.experiment);
  const draft = useLab((data) => data.draft);
  const underWay = useLab((data) => (lab.live ? (lead(data)?.underWay ?? NONE) : NONE));
  if (running === undefined) return null;
  const changes = draftChanges(running, draft, underWay);
  if (changes.length === 0) return null;
  return (
    <section className="draft" aria-label="Draft">
      <div role="status">
        <h2>
          <Icon name="restart" />
          Draft differs from the run
        </h2>
      </div>
      <dl className="diff">
        {changes.slice(0, MAX_LINES).map((change) => (
          <div key={change.path}>
            <dt>
              <button
                className="link plain"
                type="button"
                onClick={() => showSetting(preferences, change.path)}
              >
                {change.label}
              </button>
            </dt>
            <dd>
              <del>{changeText(running, change, change.from)}</del>{' '}
              <ins>{changeText(draft, change, change.to)}</ins>
            </dd>
          </div>
        ))}
      </dl>
      {changes.length > MAX_LINES && (
        <p className="small faint">and {changes.length - MAX_LINES} more</p>
      )}
      <div className="acts">
        <button className="btn accent" type="button" onClick={() => lab.restart()}>
          Restart with draft
        </button>
        <button className="btn bare" type="button" onClick={() => lab.discardDraft()}>
          Discard
        </button>
      </div>
    </section>
  );
}
