/** One setting: its name, when it takes effect, where it comes from, its control, and what is wrong with what was typed. */
import { type ReactNode, useEffect, useId, useState } from 'react';
import type { Setting, SettingValue } from '../../rl/experiment/settings.ts';
import { useLab, usePage } from '../context.ts';
import { formatNumber, formatValue } from '../format.ts';
import { About } from '../glossary/about.tsx';
import { useOwnPolicies } from '../own-policies/open-policy.tsx';
import { presetReason } from '../presets.ts';
import { numberProblem, optionName, problemText, settingAt, valueText } from '../settings.ts';
import { lead } from '../store/runs.ts';
import { Icon } from './icon.tsx';

/** A row of a fold: the name on the left, a narrow control on the right. */
export function SettingRow({ entry }: { entry: SettingValue }) {
  const { setting } = entry;
  const control = useControl(entry);
  return (
    <div className={control.changed ? 'setrow changed' : 'setrow'} data-path={setting.path}>
      <span className="setname">
        <label htmlFor={control.id}>{setting.label}</label>
        {setting.live ? (
          <Marks setting={setting} />
        ) : (
          <span className="sr">applies after a restart</span>
        )}
        <SourceMark setting={setting} />
        <SettingAbout {...{ setting, control }} />
      </span>
      <span className="setcontrol" title={control.note}>
        <Control entry={entry} control={control} />
      </span>
      <ProblemText id={control.problemId} text={control.problem} />
    </div>
  );
}

interface WideRowProps {
  readonly entry: SettingValue;
  /** Beside the control. */
  readonly after?: ReactNode;
  /** Below the control: what the present value means. */
  readonly help?: string;
}

/** A row above the folds: the name in a first column, a wide control with its help below. */
export function WideRow({ entry, after, help }: WideRowProps) {
  const { setting } = entry;
  const control = useControl(entry);
  return (
    <div className={control.changed ? 'frow changed' : 'frow'} data-path={setting.path}>
      <span className="setname">
        <label htmlFor={control.id}>{setting.label}</label>
        <Marks setting={setting} />
        <SettingAbout {...{ setting, control }} />
      </span>
      <span className="frowcontrol" title={control.note}>
        <Control entry={entry} control={control} />
        {after}
      </span>
      {help && <p className="help">{help}</p>}
      <ProblemText id={control.problemId} text={control.problem} />
    </div>
  );
}

/** What a control needs to be drawn and to change its setting. */
export interface ControlState {
  readonly id: string;
  readonly problemId: string;
  readonly problem: string | undefined;
  /** The draft's value differs from the run's. */
  readonly changed: boolean;
  /** What it does, its range, and the value of the run where that differs. */
  readonly note: string;
  /** Why the preset sets it so, and the value of the run where that differs: sentences. */
  readonly now: readonly string[];
  readonly set: (value: unknown) => void;
  readonly refuse: (problem: string | undefined) => void;
}

/** The state of one setting's control. */
export function useControl({ setting, value }: SettingValue): ControlState {
  const { lab } = usePage();
  const id = useId();
  const [problem, setProblem] = useState<string | undefined>();
  const running = useLab((data) => {
    const run = lead(data);
    return run && settingAt(run.experiment, setting.path)?.value;
  });
  const hasRun = useLab((data) => data.present !== null);
  const reason = useLab((data) => presetReason(data.preset, setting.path, value));
  const changed = hasRun && !Object.is(running, value);
  const now = [
    reason !== undefined && `In this preset: ${reason}`,
    changed && running !== undefined && `The run has ${valueText(setting, running)}.`,
  ].filter((text) => text !== false);
  const source =
    setting.original === undefined || setting.original === setting.default
      ? ''
      : ` ${setting.source.toUpperCase()} has ${formatValue(setting.original)}.`;
  return {
    id,
    problemId: `${id}-problem`,
    problem,
    changed,
    note: [`${setting.help}${source}`, ...now].join(' '),
    now,
    set: (next) => {
      const problems = lab.setSetting(setting.path, next);
      setProblem(problems[0] && problemText(problems[0]));
    },
    refuse: setProblem,
  };
}

interface ControlProps {
  readonly entry: SettingValue;
  readonly control: ControlState;
}

function Control({ entry, control }: ControlProps) {
  switch (entry.setting.kind) {
    case 'number':
      return <NumberField entry={entry} control={control} />;
    case 'choice':
      return <ChoiceField entry={entry} control={control} />;
    case 'text':
      return entry.setting.free ? (
        <TextField entry={entry} control={control} />
      ) : (
        <ChoiceField entry={entry} control={control} />
      );
    case 'flag':
      return (
        <span className="check">
          <input
            id={control.id}
            type="checkbox"
            checked={entry.value === true}
            onChange={(event) => control.set(event.target.checked)}
          />
          {entry.value === true ? 'on' : 'off'}
        </span>
      );
  }
}

/** Text that is taken over on Enter and on leaving, with the known values as suggestions. */
function TextField({ entry: { setting, value }, control }: ControlProps) {
  const shown = String(value);
  const [text, setText] = useState(shown);
  const list = useId();
  useEffect(() => setText(shown), [shown]);
  const commit = () => {
    if (text !== shown) control.set(text.trim().replace(/\s+/g, ' '));
  };
  return (
    <>
      <input
        className="input"
        id={control.id}
        type="text"
        value={text}
        list={list}
        spellCheck={false}
        aria-describedby={control.problem && control.problemId}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setText(shown);
        }}
      />
      <datalist id={list}>
        {setting.options?.map(({ value: known, label }) => (
          <option key={known} value={known} label={label} />
        ))}
      </datalist>
    </>
  );
}

function ChoiceField({ entry: { setting, value }, control }: ControlProps) {
  const own = useOwnPolicies();
  const options = [...(setting.options ?? []), ...(setting.path === 'policy' ? own : [])];
  const known = options.some((option) => option.value === value);
  return (
    <span className="select">
      <select
        id={control.id}
        value={String(value)}
        aria-describedby={control.problem && control.problemId}
        onChange={(event) => control.set(event.target.value)}
      >
        {!known && <option value={String(value)}>{valueText(setting, value)}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {optionName(option.label)}
          </option>
        ))}
      </select>
      <Icon name="down" small />
    </span>
  );
}

/** What may stand in a number field while typing: its own text, taken over on Enter and on leaving. */
export function NumberField({
  entry: { setting, value },
  control,
  name,
}: ControlProps & { name?: string }) {
  const shown = value === null ? '' : plainNumber(setting, value as number);
  const [text, setText] = useState(shown);
  // Another way to change the value (a preset, a slider, Discard) replaces what stands in the field.
  useEffect(() => setText(shown), [shown]);

  const commit = () => {
    // What was not typed is not set: a value shown with fewer digits than it has must survive a visit of the field.
    if (text === shown) {
      control.refuse(undefined);
      return;
    }
    const next = parseNumber(text, setting.nullMeans !== undefined);
    const problem = next === undefined ? 'Not a number.' : numberProblem(setting, next);
    if (problem !== undefined || next === undefined) {
      control.refuse(`${problem} It stays ${valueText(setting, value)}.`);
      return;
    }
    control.refuse(undefined);
    if (!Object.is(next, value)) control.set(next);
    else setText(shown);
  };

  return (
    <span className={control.problem ? 'num bad' : 'num'}>
      <input
        id={control.id}
        aria-label={name}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder={setting.nullMeans}
        aria-invalid={control.problem !== undefined}
        aria-describedby={control.problem && control.problemId}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') {
            setText(shown);
            control.refuse(undefined);
          }
          if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
            const next = nudge(setting, value as number | null, event.key === 'ArrowUp' ? 1 : -1);
            event.preventDefault();
            if (next !== undefined) control.set(next);
          }
        }}
      />
    </span>
  );
}

const SOURCES: Record<Setting['source'], string> = {
  trl: 'The name and the meaning of TRL’s GRPOConfig 1.13, for PPO of its PPOConfig 1.10',
  paper: 'From the paper',
  code: 'From the paper’s code',
  ours: 'Our choice, not from TRL or a paper',
};

/** Where a setting and its default come from, as a mark and in words; a default that is not its source's is ours. */
function originOf({ source, original, default: own }: Setting) {
  const departs = original !== undefined && !Object.is(original, own);
  const shown = departs ? 'ours' : source;
  const words = departs
    ? `${source.toUpperCase()} has ${formatValue(original)}; the default here is our choice`
    : SOURCES[source];
  return { shown, words };
}

function SourceMark({ setting }: { setting: Setting }) {
  const { shown, words } = originOf(setting);
  return (
    <span className={shown === 'ours' ? 'src ours' : 'src'} title={words}>
      {shown}
    </span>
  );
}

interface AboutProps {
  readonly setting: Setting;
  readonly control: Pick<ControlState, 'now'>;
  readonly title?: string;
}

/** The question mark of a setting: what the glossary says, where name and default come from, why the preset sets it so, and what the run has. */
export function SettingAbout({ setting, control, title = setting.label }: AboutProps) {
  return (
    <About title={title} asked={{ setting }}>
      <p>
        <SourceMark setting={setting} /> {originOf(setting).words}.
      </p>
      {control.now.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </About>
  );
}

/** Beside a name: when a change takes effect. */
export function Marks({ setting }: { setting: Setting }) {
  return (
    <>
      {setting.live ? (
        <span className="mark" title="Applies at the next step">
          <Icon name="live" small />
          <span className="sr">applies at the next step</span>
        </span>
      ) : (
        <span className="mark re" title="Applies after a restart">
          <Icon name="restart" small />
          <span className="sr">applies after a restart</span>
        </span>
      )}
    </>
  );
}

/** What is wrong with what was typed; announced when it appears. */
export function ProblemText({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p className="problem" id={id} role={text ? 'alert' : undefined} hidden={!text}>
      <Icon name="error" small />
      {text}
    </p>
  );
}

/** As it may be typed back: 0.0001 as 1.0e-4, a weight of 1 as 1.0. */
function plainNumber(setting: Setting, value: number): string {
  if (setting.key === 'weight' && Number.isInteger(value)) return value.toFixed(1);
  return formatNumber(value).replaceAll('−', '-');
}

/** Undefined where the text is not a number; null where it is empty and null is allowed. */
function parseNumber(text: string, nullable: boolean): number | null | undefined {
  const plain = text.trim().replaceAll('−', '-').replace(',', '.');
  if (plain === '') return nullable ? null : undefined;
  const value = Number(plain);
  return Number.isNaN(value) ? undefined : value;
}

/** One step up or down: by the setting's own step, by 1 for whole numbers, by a tenth of the magnitude on a log scale. */
function nudge(setting: Setting, value: number | null, sign: 1 | -1): number | undefined {
  const from = value ?? setting.min ?? 0;
  const magnitude = from === 0 ? 1e-4 : 10 ** Math.floor(Math.log10(Math.abs(from)));
  const size =
    setting.step ?? (setting.integer ? 1 : magnitude / (setting.scale === 'log' ? 2 : 10));
  const next = Number((from + sign * size).toPrecision(6));
  return numberProblem(setting, next) === undefined ? next : undefined;
}
