/** Evaluation on demand: what to ask, how far it is, and what came of it before training and now. */
import { type FormEvent, useCallback, useId, useMemo, useRef, useState } from 'react';
import { type ErrorReport, toReport } from '../../errors.ts';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import { RECEIVER_BACKENDS, RECEIVERS } from '../../rl/experiment/receivers.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { RECEIVER_FORM, RECEIVER_LIST_OR_NONE } from '../../rl/rewards/transfer/receiver-list.ts';
import { CurveChart } from '../charts/curve-chart.tsx';
import '../charts/evaluation.css';
import {
  kCurves,
  MAJORITY,
  type NamedEvaluation,
  NOT_JUDGED,
  numberRows,
  PASS,
  TRANSFER,
  transferCurves,
} from '../charts/evaluation-curves.ts';
import { useLab, usePage } from '../context.ts';
import { useDropOwn } from '../drop-own.ts';
import { plural } from '../format.ts';
import { comparisons, type EvaluationResult, NO_EVALUATIONS } from '../store/evaluations.ts';
import { type LabData, shownExperiment } from '../store/lab-data.ts';
import { lead, presentRuns } from '../store/runs.ts';
import { Icon } from './icon.tsx';
import { OWN_FILES, OwnFiles } from './own-files.tsx';

type ReceiverBackend = EvaluationOrder['receiver_backend'];

/** The run's slot on the page. */
const SLOT = 1;
const PROMPTS = [16, 32, 64, 128, 256, 512] as const;
const SAMPLES = [1, 4, 16, 64, 256] as const;
const SPLIT_NAMES = { test: 'Held out', ood: 'Out of distribution' } as const;
/** Answers of each question that receivers take over, at ten cuts each. */
const HANDED_OVER = 1;

const evaluationsOf = (data: LabData) => lead(data)?.evaluations ?? NO_EVALUATIONS;

export function EvaluationPanel() {
  const results = useLab((data) => evaluationsOf(data).results);
  const compared = useMemo(() => comparisons(results), [results]);
  return (
    <section className="evaluation" aria-labelledby="evaluation-title">
      <Ask />
      <Standing />
      {compared.length > 0 ? <Results compared={compared} /> : null}
    </section>
  );
}

/** The receivers that the experiment itself knows of, else the policy before the run. */
function receiversOf({ evaluation, rewards }: Experiment): string {
  const paid = rewards.find((reward) => reward.term === 'transfer');
  return evaluation.receivers || (paid?.term === 'transfer' ? paid.receivers : 'policy');
}

/** What they run on: as the experiment has it where it says which. */
function backendOf({ evaluation, rewards }: Experiment): ReceiverBackend {
  const paid = rewards.find((reward) => reward.term === 'transfer');
  const own = paid?.term === 'transfer' ? paid.backend : evaluation.receiver_backend;
  return evaluation.receivers ? evaluation.receiver_backend : own;
}

function Ask() {
  const { lab } = usePage();
  const state = useLab((data) => data.state);
  const known = useLab((data) => receiversOf(shownExperiment(data)));
  const usual = useLab((data) => backendOf(shownExperiment(data)));
  const own = useLab((data) => data.own);
  const pending = useLab((data) => evaluationsOf(data).pending.length > 0);
  // Of several runs side by side it is the lead that is asked.
  const whose = useLab((data) => (presentRuns(data).length > 1 ? lead(data)?.label : undefined));
  const [split, setSplit] = useState<'test' | 'ood'>('test');
  const [prompts, setPrompts] = useState<number>(64);
  const [samples, setSamples] = useState<number>(16);
  const [typed, setTyped] = useState<string | null>(null);
  const [backend, setBackend] = useState<ReceiverBackend | null>(null);
  const id = useId();
  const receivers = tidy(typed ?? known);
  const { take, bringing, refused } = useBring((brought) =>
    setTyped((before) => withReceiver(tidy(before ?? known), brought)),
  );
  useDropOwn(take);
  const wrong = !RECEIVER_LIST_OR_NONE.test(receivers);
  const ready = state === 'running' || state === 'paused' || state === 'finished';
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const run = lead(lab.data);
    if (!run || !ready || wrong || pending) return;
    const order: Omit<EvaluationOrder, 'policy'> = {
      ...{ split, prompts, samples, receivers, receiver_backend: backend ?? usual },
      transfer_answers: HANDED_OVER,
    };
    lab.evaluate(run.id, order);
  };
  return (
    <form className="ask" onSubmit={ask}>
      <h2 id="evaluation-title">Evaluation{whose ? ` of ${whose}` : ''}</h2>
      <fieldset className="segmented">
        <legend className="sr">Questions from</legend>
        {(['test', 'ood'] as const).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name={`${id}-split`}
              checked={split === one}
              onChange={() => setSplit(one)}
            />
            {SPLIT_NAMES[one]}
          </label>
        ))}
      </fieldset>
      <Choice label="Questions" values={PROMPTS} value={prompts} onChange={setPrompts} />
      <Choice label="Answers to each" values={SAMPLES} value={samples} onChange={setSamples} />
      <div className="field receivers">
        <label className="label" htmlFor={`${id}-receivers`}>
          Receivers
        </label>
        <input
          className="input"
          id={`${id}-receivers`}
          type="text"
          spellCheck={false}
          list={`${id}-known`}
          value={typed ?? known}
          placeholder="none"
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        <datalist id={`${id}-known`}>
          {RECEIVERS.map(({ value, label }) => (
            <option key={value} value={value} label={label} />
          ))}
          {own.map((one) => (
            <option key={one} value={one} label="Your own" />
          ))}
        </datalist>
      </div>
      <OwnFiles
        label={bringing ? 'Opening' : 'Your own'}
        title={`Your own: ${OWN_FILES}`}
        onFiles={take}
      />
      <div className="field backend">
        <label className="label" htmlFor={`${id}-backend`}>
          Run on
        </label>
        <span className="select">
          <select
            id={`${id}-backend`}
            value={backend ?? usual}
            onChange={(event) => setBackend(event.target.value as ReceiverBackend)}
          >
            {RECEIVER_BACKENDS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <Icon name="down" small />
        </span>
      </div>
      {pending ? (
        <button className="btn" type="button" onClick={() => lab.cancelEvaluation()}>
          Cancel
        </button>
      ) : (
        <button className="btn" type="submit" disabled={!ready || wrong}>
          Evaluate now
        </button>
      )}
      {wrong ? (
        <p className="help" id={`${id}-wrong`}>
          Receivers are {RECEIVER_FORM}, or nothing.
        </p>
      ) : null}
      {refused ? (
        <p className="help problem" role="alert">
          {refused.message}. {refused.remedy}
        </p>
      ) : null}
    </form>
  );
}

const tidy = (list: string) => list.trim().replace(/\s+/g, ' ');

/** A list of receivers with one more, unless it names it already. */
function withReceiver(list: string, id: string): string {
  const there = list.split(' ').filter((part) => part !== '');
  return there.some((part) => part.split('*')[0] === id) ? list : [...there, id].join(' ');
}

/** Takes files as a decoder of the person's own; `onBrought` is told its id. */
function useBring(onBrought: (id: string) => void) {
  const { lab } = usePage();
  const [bringing, setBringing] = useState(false);
  const [refused, setRefused] = useState<ErrorReport | null>(null);
  const told = useRef(onBrought);
  told.current = onBrought;
  const take = useCallback(
    (files: readonly File[]) => {
      setBringing(true);
      setRefused(null);
      lab
        .bring(files)
        .then((id) => told.current(id))
        .catch((error: unknown) => setRefused(toReport(error)))
        .finally(() => setBringing(false));
    },
    [lab],
  );
  return { take, bringing, refused };
}

function Choice({
  label,
  values,
  value,
  onChange,
}: {
  readonly label: string;
  readonly values: readonly number[];
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <span className="select">
        <select id={id} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {values.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
        <Icon name="down" small />
      </span>
    </div>
  );
}

/** One line: what is under way, what went wrong, or what is shown. */
function Standing() {
  const pending = useLab((data) => evaluationsOf(data).pending);
  const problem = useLab((data) => evaluationsOf(data).problem);
  const last = useLab((data) => evaluationsOf(data).results.at(-1));
  const state = useLab((data) => data.state);
  const [next] = pending;
  if (next) {
    const who = next.order.policy === 'before' ? 'before training' : 'now';
    return (
      <div className="standing small">
        <progress
          className="progress"
          aria-label={`Evaluating, ${who}`}
          {...(next.total > 0 && { value: next.done, max: next.total })}
        />
        <span>
          {next.total === 0
            ? `Waits for the step under way, ${who}`
            : `${next.done} of ${plural(next.total, 'answer')}, ${who}`}
        </span>
      </div>
    );
  }
  return (
    <p className="standing small" role="status">
      {problem ? (
        <span>
          <b>{problem.message}.</b> {problem.remedy}
        </span>
      ) : last ? (
        <span>
          {SPLIT_NAMES[last.order.split === 'ood' ? 'ood' : 'test']},{' '}
          {plural(last.order.prompts, 'question')} with {plural(last.order.samples, 'answer')} each,
          the same ones at any step. Bands and brackets are 95 % intervals over questions.
        </span>
      ) : (
        <span className="quiet">
          {state === 'idle' || state === 'preparing'
            ? 'Press Run first. Then this measures the policy before training and now, between two steps; the run stays the same.'
            : 'Measures the policy before training and now, on the same questions, between two steps; the run stays the same.'}
        </span>
      )}
    </p>
  );
}

function nameOf({ order, step }: EvaluationResult): string {
  return order.policy === 'before' ? 'before training' : `step ${step}`;
}

/** The last result beside the one it is compared with. */
function Results({ compared }: { readonly compared: readonly EvaluationResult[] }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const newest = compared.reduce((a, b) => (b.id > a.id ? b : a));
  const others = compared.filter((result) => result !== newest);
  const against = others.find(({ id }) => id === chosen) ?? others[0];
  const named = useMemo(
    (): NamedEvaluation[] =>
      (against ? [against, newest] : [newest]).map((result) => ({
        name: nameOf(result),
        evaluation: result.evaluation,
      })),
    [against, newest],
  );
  const curves = useMemo(
    () => ({
      majority: kCurves('maj_at_k', named, SLOT),
      pass: kCurves('pass_at_k', named, SLOT),
      transfer: transferCurves(named),
    }),
    [named],
  );
  const id = useId();
  return (
    <div className="curve-grid">
      <CurveChart
        spec={MAJORITY}
        curves={curves.majority}
        {...(curves.majority.length === 0 && { off: NOT_JUDGED })}
      />
      <CurveChart
        spec={PASS}
        curves={curves.pass}
        {...(curves.pass.length === 0 && { off: NOT_JUDGED })}
      />
      <CurveChart
        spec={TRANSFER}
        wide
        curves={curves.transfer}
        {...(curves.transfer.length === 0 && { off: 'No receiver was asked' })}
      />
      <div className="numbers">
        {others.length > 1 ? (
          <div className="field">
            <label className="label" htmlFor={id}>
              Compared with
            </label>
            <span className="select">
              <select
                id={id}
                value={against?.id}
                onChange={(event) => setChosen(Number(event.target.value))}
              >
                {others.map((result) => (
                  <option key={result.id} value={result.id}>
                    {nameOf(result)}
                  </option>
                ))}
              </select>
              <Icon name="down" small />
            </span>
          </div>
        ) : null}
        <Numbers named={named} />
      </div>
    </div>
  );
}

function Numbers({ named }: { readonly named: readonly NamedEvaluation[] }) {
  return (
    <table className="data">
      <caption className="sr">Numbers with 95 % intervals</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">Number</span>
          </th>
          {named.map(({ name }) => (
            <th key={name} className="n" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {numberRows(named).map(({ name, values }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, i) => (
              <td key={named[i].name} className="n">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
