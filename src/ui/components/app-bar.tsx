/** The head of the page: the mark, where one is, the adapter with its memory, and what works everywhere. */
import { useAction, useLab, usePage, usePreference, useView } from '../context.ts';
import { copyLink, copyText } from '../files.ts';
import { formatBytes } from '../format.ts';
import { FIRST_PAGE, PAGES } from '../pages.ts';
import type { Theme } from '../store/preferences.ts';
import { lead } from '../store/runs.ts';
import { BatonMark, Icon } from './icon.tsx';
import { PageLink } from './page-link.tsx';
import { memoryParts } from './planned-memory.tsx';

export function AppBar() {
  const page = usePage();
  const help = useAction('help');
  const noGpu = useLab((data) => data.noGpu !== null);
  const shown = useView((view) => view.page);
  return (
    <header className="appbar">
      <PageLink className="brand" to={FIRST_PAGE}>
        <BatonMark />
        <span>Baton</span>
      </PageLink>
      <nav className="nav" aria-label="Main">
        {PAGES.map(({ id, label }) => (
          <PageLink key={id} to={id} current={id === shown}>
            {label}
          </PageLink>
        ))}
      </nav>
      <div className="tools">
        <AdapterChip />
        {shown === 'microscope' && (
          <button
            className="btn bare wide"
            type="button"
            onClick={() => void copyText(page, location.href, 'Link copied')}
          >
            <Icon name="link" />
            Copy link
          </button>
        )}
        {!noGpu && shown === 'lab' && (
          <button className="btn bare wide" type="button" onClick={() => void copyLink(page)}>
            <Icon name="link" />
            Copy link
          </button>
        )}
        <button
          className="btn bare icon-only"
          type="button"
          aria-label={help.label}
          aria-keyshortcuts="?"
          onClick={help.run}
        >
          <Icon name="help" />
        </button>
        <ThemeButton />
      </div>
    </header>
  );
}

const THEME_WORDS: Record<Theme, string> = {
  system: 'as the system',
  light: 'light',
  dark: 'dark',
};

function ThemeButton() {
  const action = useAction('theme');
  const theme = usePreference((preferences) => preferences.theme);
  return (
    <button
      className="btn bare icon-only"
      type="button"
      aria-label={`Switch theme, now ${THEME_WORDS[theme]}`}
      aria-keyshortcuts="T"
      title={`Theme: ${THEME_WORDS[theme]}`}
      onClick={action.run}
    >
      <Icon name="theme" />
    </button>
  );
}

/** The adapter's name and the memory held; its popover says what of the GPU is used. */
function AdapterChip() {
  const adapter = useLab((data) => data.adapter);
  const version = useLab((data) => data.version);
  const gpuBytes = useLab((data) => data.gpuBytes);
  const noGpu = useLab((data) => data.noGpu);
  const asked = useLab((data) => data.gpuAsked);
  const planned = useLab((data) =>
    data.present === null ? data.planned?.memory : lead(data)?.manifest?.memory,
  );
  if (adapter === null) {
    return (
      <span className="chip wide adapter-wait">
        <Icon name="chip" />
        <b>{noGpu ? 'No WebGPU' : asked ? 'Asking for a GPU' : 'GPU not in use'}</b>
      </span>
    );
  }
  return (
    <>
      <button className="chip wide" type="button" popoverTarget="adapter">
        <Icon name="chip" />
        <b>{adapter.name}</b>
        {gpuBytes > 0 && <span>{formatBytes(gpuBytes)}</span>}
        {adapter.software && <span className="badge warn">software</span>}
      </button>
      <div className="tip" id="adapter" popover="auto">
        <h4>{adapter.name}</h4>
        {adapter.software && (
          <p>
            A software adapter: the browser computes on the processor. The presets that fit it say
            so; a graphics card is many times faster.
          </p>
        )}
        <dl className="facts">
          <Fact term="Memory held" value={gpuBytes > 0 ? formatBytes(gpuBytes) : 'none yet'} />
          {planned && <Fact term="Memory planned" value={memoryParts(planned)} />}
          <Fact term="Kernels" value={adapter.profile} />
          <Fact term="Features" value={adapter.features.join(', ') || 'none needed'} />
          {Object.entries(adapter.limits).map(([name, value]) => (
            <Fact key={name} term={limitLabel(name)} value={limitValue(name, value)} />
          ))}
          <Fact term="Baton" value={version} />
        </dl>
        <p>Nothing leaves this device.</p>
      </div>
    </>
  );
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** `maxStorageBufferBindingSize` is "storage buffer binding size, at most". */
function limitLabel(name: string): string {
  const words = name
    .replace(/^max/, '')
    .replace(/([A-Z])/g, ' $1')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function limitValue(name: string, value: number): string {
  return /Size$/.test(name) && !/Workgroup(Size|Invocations)/.test(name)
    ? formatBytes(value)
    : String(value);
}
