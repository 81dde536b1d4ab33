/** The rewards: the formula as it stands, what each term can add, and a weight per term as slider and number. */
import { Fragment, useId } from 'react';
import { TERMS } from '../../rl/experiment/catalog.ts';
import type { SettingValue } from '../../rl/experiment/settings.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { useLab, usePage } from '../context.ts';
import { formatShare, formatWeight } from '../format.ts';
import { presetValue } from '../presets.ts';
import { valuesOf } from '../settings.ts';
import { Icon } from './icon.tsx';
import {
  Marks,
  NumberField,
  ProblemText,
  SettingAbout,
  SettingRow,
  useControl,
} from './setting-row.tsx';

interface Term {
  readonly index: number;
  readonly term: keyof typeof TERMS;
  readonly label: string;
  readonly weight: number;
  readonly permuted: boolean;
  readonly entries: readonly SettingValue[];
}

export function RewardsSection() {
  const draft = useLab((data) => data.draft);
  const { rewarded, label: method } = methodOf(draft.method);
  const entries = valuesOf(draft);
  const terms: Term[] = draft.rewards.map(({ term, weight, permuted }, index) => ({
    index,
    term,
    label: TERMS[term].label,
    weight,
    permuted,
    entries: entries.filter(({ setting }) => setting.path.startsWith(`rewards.${index}.`)),
  }));
  if (!rewarded) {
    return (
      <section data-path="rewards">
        <h2>Rewards</h2>
        <p className="help">
          {method} does not use the reward terms. They stay in the experiment, and a method that
          pays them finds them as they were.
        </p>
      </section>
    );
  }
  return (
    <section data-path="rewards">
      <h2>Rewards</h2>
      <Formula terms={terms} />
      <MixBar terms={terms} />
      <ul className="rewards">
        {terms.map((term) => (
          <RewardRow key={term.term} term={term} last={terms.length === 1} />
        ))}
      </ul>
      <AddReward used={terms.map(({ term }) => term)} />
    </section>
  );
}

/** `R = 1.0 answer + 0.1 format`, as the weights are now. */
function Formula({ terms }: { terms: readonly Term[] }) {
  return (
    <p className="rformula">
      <i>R</i> ={' '}
      {terms.map(({ term, label, weight, permuted }, index) => (
        <Fragment key={term}>
          {index > 0 && ' '}
          <span>
            {index > 0 && (weight < 0 ? '− ' : '+ ')}
            <b>{formatWeight(index > 0 ? Math.abs(weight) : weight)}</b> {label.toLowerCase()}
            {permuted && ' (permuted)'}
          </span>
        </Fragment>
      ))}
    </p>
  );
}

const SHADES = ['seg-d', 'seg-b', 'seg-a', 'seg-c'];
/** Space between two segments, in percent. */
const GAP = 0.5;

/** Each term's share of the largest reward there can be, where terms lie between 0 and 1. */
function MixBar({ terms }: { terms: readonly Term[] }) {
  const sizes = terms.map(({ weight }) => Math.abs(weight));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total === 0) return <p className="help">All weights are 0: nothing is rewarded.</p>;
  const text = terms
    .map(({ label }, index) => `${label} ${formatShare(sizes[index] / total)}`)
    .join(', ');
  let start = 0;
  return (
    <svg
      className="mix"
      role="img"
      aria-label={`${text} of the largest reward, ${formatWeight(total)}`}
    >
      {terms.map(({ term }, index) => {
        const width = (100 * sizes[index]) / total;
        const x = start;
        start += width;
        return (
          <rect
            key={term}
            className={SHADES[index % SHADES.length]}
            x={`${x}%`}
            width={`${Math.max(0, width - (index < terms.length - 1 ? GAP : 0))}%`}
            height="100%"
          />
        );
      })}
    </svg>
  );
}

/** Where a weight slider ends: most weights are between 0 and 2, the number field takes what the schema allows. */
const SLIDER_END = 2;

/** Letters of a name that fit beside its slider; a longer one stands above it. */
const LONG_NAME = 8;

function RewardRow({ term, last }: { term: Term; last: boolean }) {
  const weight = term.entries.find(({ setting }) => setting.key === 'weight');
  const others = term.entries.filter(({ setting }) => !['weight', 'term'].includes(setting.key));
  return (
    <li
      className={term.label.length > LONG_NAME ? 'reward long' : 'reward'}
      data-path={weight?.setting.path}
    >
      {weight && <WeightControl term={term} entry={weight} removable={!last} />}
      {others.length > 0 && (
        <div className="settings">
          {others.map((entry) => (
            <SettingRow key={entry.setting.path} entry={entry} />
          ))}
        </div>
      )}
    </li>
  );
}

function WeightControl({
  term,
  entry,
  removable,
}: {
  term: Term;
  entry: SettingValue;
  removable: boolean;
}) {
  const { lab } = usePage();
  const control = useControl(entry);
  const slider = useId();
  const preset = useLab((data) => data.preset);
  const snap = (value: number, fine: boolean) =>
    Number((Math.round(value / (fine ? 0.01 : 0.1)) * (fine ? 0.01 : 0.1)).toFixed(2));
  return (
    <>
      <span className={control.changed ? 'rname changed' : 'rname'} title={control.note}>
        <label htmlFor={slider}>{term.label}</label>
        <Marks setting={entry.setting} />
        <SettingAbout title={`${term.label} weight`} setting={entry.setting} control={control} />
      </span>
      <input
        className="range"
        id={slider}
        type="range"
        min={Math.min(0, term.weight)}
        max={Math.max(SLIDER_END, term.weight)}
        step={0.01}
        value={term.weight}
        aria-label={`${term.label} weight`}
        onChange={(event) => {
          const native = event.nativeEvent as Event & { shiftKey?: boolean };
          control.set(snap(event.target.valueAsNumber, native.shiftKey === true));
        }}
        onKeyDown={(event) => {
          const sign = sliderSign(event.key);
          if (sign === 0) return;
          event.preventDefault();
          control.set(snap(term.weight + sign * (event.shiftKey ? 0.01 : 0.1), event.shiftKey));
        }}
        onDoubleClick={() => {
          const start = presetValue(preset, entry.setting.path);
          if (start !== undefined) control.set(start);
        }}
      />
      <NumberField entry={entry} control={control} name={`${term.label} weight, number`} />
      <p className="help">
        {termHelp(term)}
        {removable && (
          <button
            className="link small remove"
            type="button"
            onClick={() =>
              lab.setRewards(lab.data.draft.rewards.filter((_, index) => index !== term.index))
            }
          >
            Remove<span className="sr"> {term.label}</span>
          </button>
        )}
      </p>
      <ProblemText id={control.problemId} text={control.problem} />
    </>
  );
}

function sliderSign(key: string): -1 | 0 | 1 {
  if (key === 'ArrowRight' || key === 'ArrowUp') return 1;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return -1;
  return 0;
}

function termHelp({ term, weight, permuted }: Term): string {
  const { description } = TERMS[term];
  const watched = weight === 0 ? 'Watched, not paid.' : '';
  const moved =
    permuted && weight !== 0
      ? 'Control: its values are shuffled among the answers to a question.'
      : '';
  return [description, watched, moved].filter(Boolean).join(' ');
}

/** Adds a term that the experiment does not have yet. */
function AddReward({ used }: { used: readonly string[] }) {
  const { lab } = usePage();
  const free = Object.entries(TERMS).filter(([term]) => !used.includes(term));
  if (free.length === 0) return null;
  return (
    <span className="select bare add">
      <Icon name="add" />
      <select
        aria-label="Add a reward"
        value=""
        onChange={(event) =>
          lab.setRewards([...lab.data.draft.rewards, { term: event.target.value }])
        }
      >
        <option value="" disabled>
          Add a reward
        </option>
        {free.map(([term, { label }]) => (
          <option key={term} value={term}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}
