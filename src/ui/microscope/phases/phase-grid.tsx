/** The answers of one group and what each phase makes of them; below each column its formula for the answer in focus. */
import type { CompletionRecord, SampleGroup } from '../../../rl/records.ts';
import { rewardParts } from '../../samples/group-stats.ts';
import { modeOf, signed } from '../../samples/token-colour.ts';
import { TokenStrip } from '../../samples/token-strip.tsx';
import { verdictWord } from '../../samples/verdict.ts';
import { termName } from '../../term-name.ts';
import { useRunView } from '../run-view.ts';
import { ShareBar } from '../share-bar.tsx';
import { AdvantageFormula, SampleFormula, ScoreFormula } from './phase-formulas.tsx';
import { UpdateFormula } from './update-formula.tsx';
import type { PhasedStep } from './use-phases.ts';

/** Most answers that have a row. */
const ROWS = 8;
const BY_LOGPROB = modeOf('logprob');

const HEADS = [
  ['Sample', 'answers to one question', 'colour: log-prob of each token'],
  ['Score', 'what each is worth', ''],
  ['Advantage', 'against the group', 'left is less likely, right is likelier'],
  ['Update', 'what the answer’s log-prob becomes', ''],
] as const;

/** What stands in a column that is not known yet. */
const TO_COME = [
  '',
  'Each answer gets its rewards here.',
  'Each answer is compared with the others here.',
  'The policy is moved here, and answers become likelier or less likely.',
];

interface Props {
  readonly phased: PhasedStep;
  readonly group: SampleGroup;
  /** Its place among the step's groups. */
  readonly at: number;
}

export function PhaseGrid({ phased, group, at }: Props) {
  const { known, run, batch } = phased;
  const answer = useRunView((view) => view.answer);
  const focus = Math.min(answer ?? 0, group.completions.length - 1);
  const terms = run.experiment.rewards;
  const records = group.completions.slice(0, ROWS);
  const reach = Math.max(1, ...records.map(({ advantage = 0 }) => Math.abs(advantage)));
  const moves = group.completions.map(changeOf);
  const farthest = Math.max(1e-9, ...moves.map((move) => Math.abs(move ?? 0)));
  const rest = group.completions.length - records.length;
  const shown = batch?.groups[at];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="scroller" tabIndex={0} aria-label="Phases of the answers" data-arrow-keys>
      <table className="phasegrid">
        <thead>
          <tr>
            {HEADS.map(([name, what, legend], i) => (
              <th key={name} scope="col" className={i === known - 1 ? 'now' : undefined}>
                <b>
                  {i + 1} {name}
                </b>{' '}
                <span className="quiet">{what}</span>
                <span className="legend">
                  {i === 1 ? terms.map(({ term }) => termName(term)).join(', ') : legend}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place in the group
            <tr key={i} className={i === focus ? 'cur' : undefined}>
              <td>
                <div className="sampled">
                  <button
                    className="pickrow"
                    type="button"
                    aria-pressed={i === focus}
                    aria-label={`Answer ${i + 1}`}
                    onClick={() => useRunView.setState({ answer: i, token: null })}
                  >
                    {i + 1}
                  </button>
                  <TokenStrip completion={record} index={i} mode={BY_LOGPROB}>
                    {record.truncated ? <span className="badge outline">cut off</span> : null}
                  </TokenStrip>
                </div>
              </td>
              <td>{known > 1 ? <Scored record={record} terms={terms} /> : null}</td>
              <td>
                {known > 2 && record.advantage !== undefined ? (
                  <span className="barred">
                    <ShareBar share={record.advantage / reach} />
                    <b>{signed(record.advantage)}</b>
                  </span>
                ) : null}
              </td>
              <td>{known > 3 ? <Moved change={moves[i]} farthest={farthest} /> : null}</td>
            </tr>
          ))}
          {rest > 0 ? (
            <tr>
              <td colSpan={4} className="small quiet">
                and {rest} more, which count in what follows
              </td>
            </tr>
          ) : null}
          <tr className="formulas">
            <td>
              <SampleFormula record={group.completions[focus]} at={focus} />
            </td>
            <td>
              {known > 1 ? (
                <ScoreFormula record={group.completions[focus]} terms={terms} at={focus} />
              ) : (
                <ToCome known={known} column={1} />
              )}
            </td>
            <td>
              {known > 2 && batch && shown ? (
                <AdvantageFormula group={shown} batch={batch} at={focus} />
              ) : (
                <ToCome known={known} column={2} />
              )}
            </td>
            <td>
              {known > 3 && batch && shown ? (
                <UpdateFormula group={shown} batch={batch} at={focus} />
              ) : (
                <ToCome known={known} column={3} />
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

/** The next column says what will be there; those after it are empty. */
function ToCome({ known, column }: { readonly known: number; readonly column: number }) {
  return column === known ? <p className="small quiet">{TO_COME[column]}</p> : null;
}

/** How far the answer's log-prob has moved; null where it is not known. */
function changeOf({ tokens: { before, after } }: CompletionRecord): number | null {
  if (!before || !after) return null;
  return after.reduce((sum, one, t) => sum + one - before[t], 0);
}

function Moved({
  change,
  farthest,
}: {
  readonly change: number | null;
  readonly farthest: number;
}) {
  if (change === null) return null;
  return (
    <span className="barred">
      <ShareBar share={change / farthest} />
      <b>{signed(change, 3)}</b>
    </span>
  );
}

function Scored({
  record,
  terms,
}: {
  readonly record: CompletionRecord;
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
}) {
  const { reward, correct } = record;
  return (
    <span className="scored">
      {correct === undefined ? null : (
        <span className={`dot ${correct ? 'yes' : 'no'}`}>
          <span className="sr">{verdictWord(correct)}</span>
        </span>
      )}
      {rewardParts(record, terms).map(({ term, value, watched }) => (
        <span key={term} className={watched || value === 0 ? 'faint' : undefined}>
          {signed(value, 1).replace('+', '')}
          <span className="sr"> {termName(term)}</span>
        </span>
      ))}
      {reward === undefined ? null : <b>{signed(reward).replace('+', '')}</b>}
    </span>
  );
}
