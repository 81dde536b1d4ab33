/** Asks for an evaluation: of which questions, with how many answers, and who takes the answers over. */
import { type FormEvent, useCallback, useId, useRef, useState } from 'react';
import { type ErrorReport, toReport } from '../../errors.ts';
import { RECEIVER_BACKENDS, RECEIVERS } from '../../rl/experiment/receivers.ts';
import { RECEIVER_FORM } from '../../rl/rewards/transfer/receiver-list.ts';
import { OWN_FILES, OwnFiles } from '../components/own-files.tsx';
import { Select } from '../components/select.tsx';
import { useLab, usePage } from '../context.ts';
import { useDropOwn } from '../drop-own.ts';
import { About } from '../glossary/about.tsx';
import { shownExperiment } from '../store/lab-data.ts';
import { evaluationsOf, lead, presentRuns } from '../store/runs.ts';
import {
  type Asked,
  canChoose,
  canEvaluate,
  firstAsked,
  isReceiverList,
  orderOf,
  PROMPTS,
  SAMPLES,
  SPLIT_NAMES,
  SPLITS,
  withReceiver,
} from './order-rules.ts';

const TOURNAMENT_HELP =
  'The critic chooses among the answers: it judges them in pairs, and the winner of the last pair is taken.';

export function EvaluationForm() {
  const { lab } = usePage();
  const ready = useLab((data) => canEvaluate(data.state));
  const experiment = useLab(shownExperiment);
  const pending = useLab((data) => evaluationsOf(data).pending.length > 0);
  // Of several runs side by side it is the lead that is asked.
  const whose = useLab((data) => (presentRuns(data).length > 1 ? lead(data)?.label : undefined));
  // Only what a person has chosen: everything else follows the experiment.
  const [chosen, setChosen] = useState<Partial<Asked>>({});
  const asked: Asked = { ...firstAsked(experiment), ...chosen };
  const choose = (change: Partial<Asked>) => setChosen((before) => ({ ...before, ...change }));
  const { take, bringing, refused } = useBring((brought) =>
    choose({ receivers: withReceiver(asked.receivers, brought) }),
  );
  useDropOwn(take);
  const id = useId();
  const wrong = !isReceiverList(asked.receivers);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const run = lead(lab.data);
    if (run && ready && !wrong && !pending) lab.evaluate(run.id, orderOf(asked, run.experiment));
  };
  return (
    <form className="ask" onSubmit={submit}>
      <h2 id="evaluation-title">Evaluation{whose ? ` of ${whose}` : ''}</h2>
      <fieldset className="segmented">
        <legend className="sr">Questions from</legend>
        {SPLITS.map((split) => (
          <label key={split}>
            <input
              type="radio"
              name={`${id}-split`}
              checked={asked.split === split}
              onChange={() => choose({ split })}
            />
            {SPLIT_NAMES[split]}
          </label>
        ))}
      </fieldset>
      <Count
        label="Questions"
        values={PROMPTS}
        value={asked.prompts}
        onChange={(prompts) => choose({ prompts })}
      />
      <Count
        label="Answers to each"
        values={SAMPLES}
        value={asked.samples}
        onChange={(samples) => choose({ samples })}
      />
      <Receivers
        value={asked.receivers}
        wrong={wrong ? `${id}-wrong` : undefined}
        onChange={(receivers) => choose({ receivers })}
      />
      <OwnFiles
        label={bringing ? 'Opening' : 'Your own'}
        title={`Your own: ${OWN_FILES}`}
        onFiles={take}
      />
      <div className="field backend">
        <label className="label" htmlFor={`${id}-backend`}>
          Run on
        </label>
        <Select
          id={`${id}-backend`}
          value={asked.backend}
          onChange={(event) => choose({ backend: event.target.value as Asked['backend'] })}
        >
          {RECEIVER_BACKENDS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      {canChoose(experiment, asked.samples) ? (
        <span className="helped">
          <label className="check">
            <input
              type="checkbox"
              checked={asked.tournament}
              onChange={(event) => choose({ tournament: event.target.checked })}
            />
            Tournament
          </label>
          <About title="Tournament" asked={{ chart: 'tournament', help: TOURNAMENT_HELP }} />
        </span>
      ) : null}
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
        <p
          className="help problem"
          role="alert"
          // What was dropped anywhere on the page is refused here, which may be far below.
          ref={(said) => said?.scrollIntoView?.({ block: 'nearest' })}
        >
          {refused.message}. {refused.remedy}
        </p>
      ) : null}
    </form>
  );
}

/** The list of receivers as text, with those that are known to choose from. */
function Receivers({
  value,
  wrong,
  onChange,
}: {
  readonly value: string;
  /** Id of the text that says what is wrong with the list. */
  readonly wrong: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const own = useLab((data) => data.own);
  const id = useId();
  return (
    <div className="field receivers">
      <label className="label" htmlFor={id}>
        Receivers
      </label>
      <input
        className="input"
        id={id}
        type="text"
        spellCheck={false}
        list={`${id}-known`}
        value={value}
        placeholder="none"
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-known`}>
        {RECEIVERS.map((known) => (
          <option key={known.value} value={known.value} label={known.label} />
        ))}
        {own.map((one) => (
          <option key={one} value={one} label="Your own" />
        ))}
      </datalist>
    </div>
  );
}

function Count({
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
      <Select id={id} value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Select>
    </div>
  );
}

/** Takes files as a person's own decoder; `onBrought` is told its id. */
function useBring(onBrought: (id: string) => void) {
  const { lab, view } = usePage();
  const [bringing, setBringing] = useState(false);
  const [refused, setRefused] = useState<ErrorReport | null>(null);
  const told = useRef(onBrought);
  told.current = onBrought;
  const take = useCallback(
    (files: readonly File[]) => {
      setBringing(true);
      setRefused(null);
      // What was said of an earlier file is over.
      view.setState({ message: null });
      lab
        .bring(files)
        .then((id) => told.current(id))
        .catch((error: unknown) => setRefused(toReport(error)))
        .finally(() => setBringing(false));
    },
    [lab, view],
  );
  return { take, bringing, refused };
}
