/** Above the charts of the recording: that it is one, from when and where, and what Run would do. */
import { Icon } from '../components/icon.tsx';
import { useLab, usePage } from '../context.ts';
import { runName } from '../presets.ts';
import { useFirst } from './use-first.ts';

export function FirstLine() {
  const { first, preferences } = usePage();
  const shown = useFirst();
  const noGpu = useLab((data) => data.noGpu !== null);
  const next = useLab((data) => data.preset);
  if (!shown) return null;
  const { manifest, recorded, preset, playing } = shown;
  const hide = () => {
    preferences.setState({ recording: false });
    first.close();
  };
  return (
    <aside className="firstline" aria-label="Recording">
      <b className="badge outline">recorded on {dayText(recorded)}</b>
      <p className="quiet">
        <span title={`Build ${manifest.build}`}>on {manifest.adapter}</span>.{' '}
        {noGpu ? (
          'Nothing of it was computed here.'
        ) : (
          <>
            Press <b>Run</b>: {next === preset ? 'the same' : runName(next)} runs here in its place.
          </>
        )}
      </p>
      <span className="acts">
        <button
          className="btn bare icon-only"
          type="button"
          aria-label="Play the recording again"
          title="Play again"
          disabled={playing}
          onClick={() => first.play()}
        >
          <Icon name="reset" />
        </button>
        <button
          className="btn bare"
          type="button"
          title="It stays hidden; the help brings it back."
          onClick={hide}
        >
          Hide
        </button>
      </span>
    </aside>
  );
}

/** 2026-11-30 is 30 November 2026. */
function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  const month = date.toLocaleDateString('en', { month: 'long', timeZone: 'UTC' });
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()}`;
}
