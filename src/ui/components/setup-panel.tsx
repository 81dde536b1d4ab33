/** The setup: what is asked, what differs from the run, and every setting of the experiment. */
import { lastEvaluation } from '../../rl/experiment/last-evaluation.ts';
import { runsBeside } from '../../rl/experiment/presets/beside.ts';
import { findPreset, SHELVES } from '../../rl/experiment/presets/index.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { SettingValue } from '../../rl/experiment/settings.ts';
import { useLab, usePage, usePreference } from '../context.ts';
import { lastEvaluationText } from '../format.ts';
import { OpenPolicy } from '../own-policies/open-policy.tsx';
import { isChanged, type MeasuredTable, measuredTable, timedText } from '../presets.ts';
import { optionNote, valuesOf, valueText } from '../settings.ts';
import { DraftNotice } from './draft-notice.tsx';
import { ExperimentFile } from './experiment-file.tsx';
import { FitNotice } from './fit-notice.tsx';
import { FoldBox } from './fold-box.tsx';
import { Icon } from './icon.tsx';
import { MethodRemarks } from './method-remarks.tsx';
import { FOLDS, type Fold, foldOf, TOP_ROWS } from './panel-layout.ts';
import { MemoryRefusal } from './planned-memory.tsx';
import { RewardsSection } from './rewards-section.tsx';
import { Select } from './select.tsx';
import { SettingRow, WideRow } from './setting-row.tsx';

export function SetupPanel() {
  const draft = useLab((data) => data.draft);
  const entries = valuesOf(draft);
  const top = TOP_ROWS.flatMap((row) =>
    entries.filter(({ setting }) => isTopRow(row, setting.path)),
  );
  const rest = entries.filter(({ setting }) => !top.some((entry) => entry.setting === setting));
  return (
    <aside className="setup" aria-label="Setup">
      <PresetSection />
      <DraftNotice />
      <MemoryRefusal />
      <FitNotice />
      <MethodRemarks />
      <section className="rows">
        {top.map((entry) => (
          <WideRow
            key={entry.setting.path}
            entry={entry}
            help={entry.setting.path === 'steps' ? stepsHelp(draft) : rowHelp(entry)}
            after={after(entry.setting.path)}
          />
        ))}
      </section>
      <RewardsSection />
      <section className="folds">
        {FOLDS.map((fold) => (
          <SettingsFold key={fold.id} fold={fold} entries={rest} />
        ))}
        <ExperimentFile />
      </section>
      <Legend />
    </aside>
  );
}

/** What stands beside a row's control. */
function after(path: string) {
  if (path === 'seed') return <NewSeed />;
  return path === 'policy' ? <OpenPolicy /> : undefined;
}

function isTopRow(row: string, path: string): boolean {
  return row.endsWith('.') ? path.startsWith(row) : path === row;
}

/** What the chosen task, policy or method is, in a few words. */
function rowHelp({ setting, value }: SettingValue): string | undefined {
  const chosen = setting.options?.find((option) => option.value === value);
  return chosen?.description ?? optionNote(setting, value);
}

/** Where a run of the draft is evaluated for the last time, if not at its end. */
function stepsHelp(draft: Experiment): string | undefined {
  const at = lastEvaluation(draft);
  return at === null ? undefined : lastEvaluationText(at);
}

/** The preset's choice, its question, and what should be seen. */
function PresetSection() {
  const { lab } = usePage();
  const id = useLab((data) => data.preset);
  const changed = useLab((data) => isChanged(data.draft, data.preset));
  const count = useLab((data) => runsBeside(data.draft, data.preset).length);
  const preset = findPreset(id);
  const measured = preset && measuredTable(preset);
  const timed = preset && timedText(preset);
  return (
    <section>
      <div className="field">
        <span className="label">
          <label htmlFor="preset">Preset</label>
          {changed && (
            <>
              <span className="badge">changed</span>
              <button className="link small" type="button" onClick={() => lab.choosePreset(id)}>
                As it was
              </button>
            </>
          )}
        </span>
        <Select id="preset" value={id} onChange={(event) => lab.choosePreset(event.target.value)}>
          {SHELVES.map(({ label, presets }) => (
            <optgroup key={label} label={label}>
              {presets.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.label}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      </div>
      {preset && (
        <>
          <p className="quiet">{preset.question}</p>
          {preset.beside && (
            <p className="small">
              {count > 0
                ? `${count + 1} runs. ${preset.beside.map(({ what }) => what).join(' ')}`
                : 'All runs would be the same: one run.'}
            </p>
          )}
          <p className="small faint">{preset.expectation}</p>
          {preset.see && (
            <p className="small">
              {/* In a tab of its own, so that nothing here is left. */}
              <a className="link" href={preset.see.query} target="_blank" rel="noreferrer">
                {preset.see.label}
              </a>
            </p>
          )}
          {measured && <Measured table={measured} />}
          {timed && <p className="small faint">{timed}</p>}
        </>
      )}
    </section>
  );
}

/** What was found with the preset, beside what was expected. */
function Measured({ table: { heads, rows, note } }: { table: MeasuredTable }) {
  return (
    <div className="measured small faint">
      <table>
        <thead>
          <tr>
            <th scope="col">Measured</th>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map(({ mean, spread }, i) => (
                <td key={heads[i]}>
                  {mean}
                  {spread && <span className="spread">{spread}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p>{note}</p>
    </div>
  );
}

/** A new seed is a choice of its own; Reset keeps the old one. */
function NewSeed() {
  const { lab } = usePage();
  return (
    <button
      className="btn icon-only"
      type="button"
      aria-label="New seed"
      title="New seed"
      onClick={() => lab.setSetting('seed', drawSeed())}
    >
      <Icon name="dice" />
    </button>
  );
}

/** A seed for people: at most four digits, so that it can be said aloud. */
function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] % 10_000;
}

function SettingsFold({ fold, entries }: { fold: Fold; entries: readonly SettingValue[] }) {
  const showAll = usePreference((stored) => stored.folds[`${fold.id}.more`] ?? false);
  const inside = entries.filter(({ setting }) => foldOf(setting) === fold);
  const listed = fold.paths.flatMap((path) =>
    inside.filter(({ setting }) => setting.path === path),
  );
  const others = inside.filter(({ setting }) => !fold.paths.includes(setting.path));
  const main = listed.length > 0 ? listed : others;
  const more = listed.length > 0 ? others : [];
  if (main.length === 0) return null;
  return (
    <FoldBox
      id={fold.id}
      title={fold.title}
      gist={gist(fold, main)}
      changedPaths={paths([...main, ...more])}
    >
      <div className="settings">
        {main.map((entry) => (
          <SettingRow key={entry.setting.path} entry={entry} />
        ))}
      </div>
      {more.length > 0 && (
        <FoldBox
          id={`${fold.id}.more`}
          title="Advanced"
          sub
          gist={showAll ? '' : `${more.length} more`}
          changedPaths={paths(more)}
        >
          <div className="settings">
            {more.map((entry) => (
              <SettingRow key={entry.setting.path} entry={entry} />
            ))}
          </div>
        </FoldBox>
      )}
    </FoldBox>
  );
}

const paths = (entries: readonly SettingValue[]) => entries.map(({ setting }) => setting.path);

/** The first values of a fold, so that it need not be opened to be read. */
function gist(fold: Fold, entries: readonly SettingValue[]): string {
  const chosen = entries.filter(({ setting }) => fold.gist?.includes(setting.path));
  const told = chosen.length > 0 ? chosen : entries.slice(0, 2);
  return told
    .map(({ setting, value }) => {
      const text = valueText(setting, value);
      if (typeof value !== 'number') return text;
      if (setting.unit) return `${text} ${setting.unit}`;
      // A bare number says whose it is, unless the fold's title does.
      return setting.label === fold.title ? text : `${setting.label} ${text}`;
    })
    .join(', ');
}

function Legend() {
  return (
    <footer className="legendline">
      <p>
        <Icon name="live" small />
        applies at the next step
      </p>
      <p>
        <Icon name="restart" small />
        applies after a restart
      </p>
      <p>
        <span className="src">trl</span>
        as in TRL 1.13’s GRPO trainer (PPO: 1.10)
      </p>
      <p>
        <span className="src ours">ours</span>
        our choice, not from TRL or a paper
      </p>
      <p>
        <span className="src">paper</span>
        from the method’s paper
      </p>
      <p>
        <span className="src">code</span>
        from the paper’s code
      </p>
      <p>
        <Icon name="lock" small />
        Nothing leaves this device.
      </p>
    </footer>
  );
}
