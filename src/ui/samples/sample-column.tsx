import {
  type FocusEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { CompletionRecord } from '../../rl/records.ts';
import './samples.css';
import { useCursor } from '../charts/cursor-store.ts';
import { RunKey } from '../charts/run-key.tsx';
import type { ChartRun } from '../charts/runs.ts';
import { useRedraw } from '../charts/use-redraw.ts';
import { termName } from '../term-name.ts';
import { Compared } from './compared.tsx';
import { answerFits, nextFit, WHICH } from './find.ts';
import { FindBar } from './find-bar.tsx';
import { Followed } from './followed.tsx';
import { HowToRead } from './how-to-read.tsx';
import { type LearnedReader, readGroup } from './learned-reading.ts';
import { EmptyRows, QuestionHead } from './question-head.tsx';
import { ReadingControl } from './reading-control.tsx';
import { SampleHead } from './sample-head.tsx';
import { sampleKeys } from './sample-keys.ts';
import { SampleRow, type SampleTerm } from './sample-row.tsx';
import type { SampleStore } from './sample-store.ts';
import { useSampleView } from './sample-view.ts';
import { modesFor, shownMode } from './token-colour.ts';
import { TokenLegend } from './token-legend.tsx';
import { TokenTip } from './token-tip.tsx';
import { transferShown } from './transfer-shown.ts';
import { useLooked } from './use-looked.ts';

export interface SampleColumnProps {
  readonly samples: SampleStore;
  /** Whose samples can be shown, where more than one run goes on; `samples` and `terms` are of the chosen one. */
  readonly choice?: SampleChoice;
  readonly terms: readonly SampleTerm[];
  /** The terms as they were at a step, where weights have changed since. Default: as they are. Give the same function as long as it is the same. */
  readonly termsAt?: (step: number) => readonly SampleTerm[];
  /** False where nothing is paid: no sums are named above the rows. Default true. */
  readonly rewarded?: boolean;
  /** Completions per question, for the empty rows. */
  readonly groupSize: number;
  /** A question of the task, shown before there are samples. */
  readonly preview?: string;
  /** What is being waited for, in place of the first row: "Sampling, 512 of 3,840 tokens". */
  readonly loading?: string;
  /** The step at which the run failed; its samples are marked. */
  readonly failedStep?: number;
  /** Stands below the question once there are answers. */
  readonly more?: ReactNode;
  /** How the run reads a learned reward, where it has one. Give the same object as long as it is the same. */
  readonly reader?: LearnedReader;
  /** How to read questions and answers of the task (`Task.legend`). */
  readonly legend?: string;
}

/** Several runs, and which of them is looked at. */
export interface SampleChoice {
  readonly runs: readonly Pick<ChartRun, 'id' | 'label' | 'slot'>[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** Milliseconds between two groups while the run is followed: text must be readable. */
const FOLLOW_PERIOD = 2000;

/** The lab's right column: one question at one step, its completions side by side. */
export function SampleColumn(props: SampleColumnProps) {
  const { samples, choice, terms: now, termsAt, groupSize, preview, loading, failedStep } = props;
  const { rewarded = true, reader, legend, more } = props;
  const pinned = useCursor((state) => state.pinnedStep);
  const { mode: chosenMode, table, reading: chosenReading, wish, ...view } = useSampleView();
  const { followed, compare, setFollowed, setCompare } = view;
  const [inside, setInside] = useState({ pointer: false, focus: false });
  const held = inside.pointer || inside.focus;
  // Nothing moves under the pointer or the focus, nor while a step is pinned; the first group comes at once.
  const first = samples.steps().length === 0;
  const version = useRedraw(
    [samples],
    first || (!held && pinned === null),
    first ? 50 : FOLLOW_PERIOD,
  );
  const { step, group: kept, index, count, key, askings } = useLooked(samples, version, pinned);
  const reading = chosenReading ?? reader?.own;
  const learned = useMemo(
    () => (kept && reader && reading ? readGroup(kept, reader, reading) : null),
    [kept, reader, reading],
  );
  const group = learned?.group ?? kept;
  const at = group?.step;
  const terms = useMemo(
    () => (termsAt && at !== undefined ? termsAt(at) : now),
    [termsAt, at, now],
  );
  const list = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const reach = useMemo(() => {
    const sizes = group?.completions.map((completion) => Math.abs(completion.advantage ?? 0)) ?? [];
    return 1.12 * Math.max(1, ...sizes.filter(Number.isFinite));
  }, [group]);
  const focusIn = (event: FocusEvent) =>
    setInside((old) => ({ ...old, focus: event.target.matches(':focus-visible') }));
  const modes = useMemo(() => modesFor(group?.completions ?? []), [group]);
  const dialects = useMemo(() => dialectsOf(group?.completions ?? []), [group]);
  // A learned reward leads where there is one.
  const wanted = chosenMode ?? learned?.reward;
  const mode = useMemo(() => shownMode(wanted, modes), [wanted, modes]);
  const onFollow = () => setFollowed(followed === null && key !== undefined ? key : null);
  const onCompare = () => setCompare(compare === null ? { step: null } : null);
  useSampleKeys({ samples, step, field, onFollow, onCompare });
  const names = partNames(terms, group?.completions[0]?.rewards);
  // A held-out question is not paid.
  const paid = rewarded && !group?.split;
  const beside = compare !== null && kept !== undefined;
  return (
    <aside
      className="samples"
      id="samples"
      aria-label="Samples"
      data-parts={Math.min(6, names.length)}
    >
      <SampleHead samples={samples} shown={step} />
      {choice ? <RunChoice {...choice} /> : null}
      <FindBar samples={samples} step={step} found={count} field={field} />
      <QuestionHead
        {...{ group, index, count, preview, onFollow, onCompare }}
        asked={
          pinned !== null && step !== undefined && pinned !== step && followed === null
            ? pinned
            : undefined
        }
        failed={failedStep !== undefined && failedStep === step}
        followed={followed !== null}
        compared={compare !== null}
      />
      {group ? more : null}
      {followed === null ? null : <Followed asked={askings} shown={kept} step={step} />}
      {paid && !beside ? (
        <div className="samplecols" aria-hidden="true">
          {names.map((name) => (
            <span key={name} title={termName(name)}>
              {termName(name)}
            </span>
          ))}
          <span className="total">reward</span>
          <span className="advcell">advantage</span>
        </div>
      ) : null}
      {beside ? (
        <Compared asked={askings} shown={kept} chosen={compare.step} />
      ) : (
        <ol
          className="samplelist"
          ref={list}
          onPointerEnter={() => setInside((old) => ({ ...old, pointer: true }))}
          onPointerLeave={() => setInside((old) => ({ ...old, pointer: false }))}
          onFocus={focusIn}
          onBlur={() => setInside((old) => ({ ...old, focus: false }))}
        >
          {group && !(loading && first) ? (
            group.completions.map((completion, i) => (
              <SampleRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a completion is its place in the group
                key={i}
                {...{ completion, terms, table, reach }}
                mode={mode}
                index={i}
                beside={!answerFits(group, completion, wish)}
                trace={learned?.traces[i] ?? undefined}
              />
            ))
          ) : count === 0 && !first ? null : (
            <EmptyRows count={groupSize} loading={loading} />
          )}
        </ol>
      )}
      {legend ? <HowToRead legend={legend} /> : null}
      {dialects.map(({ label, help }) => (
        <HowToRead key={label} legend={`\`${label}\`: ${help}`} />
      ))}
      {group && !beside ? <TokenTip list={list} group={group} /> : null}
      <TokenLegend
        modes={modes}
        shown={mode}
        dropped={samples.dropped}
        cuts={group?.completions.some((one) => transferShown(one)?.blank === false) ?? false}
        chatter={group?.completions.some(({ manner }) => manner?.chatter) ?? false}
      >
        {learned && reader && reading ? (
          <ReadingControl own={reader.own} reading={reading} />
        ) : null}
      </TokenLegend>
    </aside>
  );
}

/** The ways of writing that these answers are told apart by, each once. */
function dialectsOf(completions: readonly CompletionRecord[]) {
  const found = completions.flatMap(({ manner }) => manner?.dialect ?? []);
  return [...new Map(found.map((dialect) => [dialect.label, dialect])).values()];
}

interface Keyed {
  readonly samples: SampleStore;
  readonly step: number | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onFollow: () => void;
  readonly onCompare: () => void;
}

/** Gives the keys of the samples to this column as long as it stands. */
function useSampleKeys(keyed: Keyed): void {
  const now = useRef(keyed);
  useEffect(() => {
    now.current = keyed;
  });
  useEffect(
    () =>
      sampleKeys.hold({
        find: () => now.current.field.current?.focus(),
        nextFilter: () => {
          const { wish, setWish } = useSampleView.getState();
          const at = WHICH.findIndex(({ id }) => id === wish.which);
          setWish({ which: WHICH[(at + 1) % WHICH.length].id });
        },
        nextFit: (direction) => {
          const { samples, step } = now.current;
          const { wish } = useSampleView.getState();
          const next = step === undefined ? undefined : nextFit(samples, step, direction, wish);
          if (next !== undefined) useCursor.getState().pin(next);
        },
        follow: () => now.current.onFollow(),
        compare: () => now.current.onCompare(),
      }),
    [],
  );
}

/** Whose samples are shown. */
function RunChoice({ runs, chosen, onChoose }: SampleChoice) {
  return (
    <fieldset className="segmented samplerun">
      <legend className="sr">Samples of</legend>
      {runs.map((run) => (
        <label key={run.id}>
          <input
            type="radio"
            name="sample-run"
            checked={run.id === chosen}
            onChange={() => onChoose(run.id)}
          />
          <RunKey run={run} />
          {run.label}
        </label>
      ))}
    </fieldset>
  );
}

function partNames(
  terms: readonly SampleTerm[],
  rewards: Readonly<Record<string, number>> | undefined,
): string[] {
  const names = new Set(terms.map((term) => term.term));
  if (!rewards) return [...names];
  for (const name of Object.keys(rewards)) names.add(name);
  return [...names].filter((name) => name in rewards);
}
