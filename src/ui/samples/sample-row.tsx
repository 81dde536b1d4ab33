import { memo } from 'react';
import type { CompletionRecord } from '../../rl/records.ts';
import { termName } from '../term-name.ts';
import { criticShown, pairText, verdictText } from './critic-shown.ts';
import { rewardParts } from './group-stats.ts';
import { HandedOver } from './handed-over.tsx';
import { LearnedLine } from './learned-line.tsx';
import type { LearnedTrace } from './learned-reading.ts';
import { permutedShown, permutedText } from './permuted-shown.ts';
import { SarLine } from './sar-line.tsx';
import { sarShown } from './sar-shown.ts';
import { type Mode, signed } from './token-colour.ts';
import { TokenStrip } from './token-strip.tsx';
import { TokenTable } from './token-table.tsx';
import { transferShown } from './transfer-shown.ts';
import { verdictWord, writerWords } from './verdict.ts';

export interface SampleTerm {
  readonly term: string;
  readonly weight: number;
}

interface Props {
  readonly completion: CompletionRecord;
  readonly index: number;
  readonly terms: readonly SampleTerm[];
  readonly mode: Mode;
  readonly table: boolean;
  /** The advantage that fills half the bar's width. */
  readonly reach: number;
  /** Whether somebody looks for something else: the answer stays in its place, and the others are marked. */
  readonly beside?: boolean;
  /** Of an answer that a learned reward reads. */
  readonly trace?: LearnedTrace;
}

/** One completion: its text, then what it earned. */
export const SampleRow = memo(function SampleRow(props: Props) {
  const { completion, index, terms, mode, table, reach, beside = false, trace } = props;
  const { reward, advantage } = completion;
  const parts = rewardParts(completion, terms);
  const transfer = transferShown(completion);
  // Where the receivers saw nothing of it, no place in the answer is one where they took over.
  const cuts = transfer?.blank ? undefined : transfer?.cuts.map(({ cut }) => cut);
  const sar = sarShown(completion);
  const permuted = permutedShown(completion);
  const verdict = writerWords(completion.role) ?? verdictWord(completion.correct);
  const scored = parts.length > 0 || reward !== undefined || advantage !== undefined;
  // Without a paid or watched answer part of its own, the verdict stands beside the number.
  const own = !parts.some((part) => part.term === 'answer' && !part.permuted);
  const { dialect } = completion.manner ?? {};
  const judged = criticShown(completion);
  const marks = (
    <>
      {dialect ? (
        <span className="badge dialect" title={dialect.help}>
          {dialect.label}
        </span>
      ) : null}
      {judged ? (
        <span className="badge outline" title={pairText(judged)}>
          {verdictText(judged.verdict)}
        </span>
      ) : null}
      {completion.truncated ? (
        <span className="badge outline">cut off at {completion.pieces.length}</span>
      ) : null}
      {completion.note ? <span className="badge outline">{completion.note}</span> : null}
    </>
  );
  return (
    <li className={beside ? 'sample beside' : 'sample'}>
      <span className="idx">
        {index + 1}
        {own && completion.correct !== undefined ? (
          <span className={`dot ${completion.correct ? 'yes' : 'no'}`} title={verdict} />
        ) : null}
        <span className="sr">, {verdict}</span>
      </span>
      {table ? (
        <section
          className="astable"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
          tabIndex={0}
          aria-label={`Numbers of answer ${index + 1}`}
          data-arrow-keys
        >
          <TokenTable completion={completion} index={index} />
          {marks}
        </section>
      ) : (
        <TokenStrip completion={completion} index={index} mode={mode} cuts={cuts} trace={trace}>
          {marks}
        </TokenStrip>
      )}
      {transfer ? <HandedOver transfer={transfer} /> : null}
      {sar ? <SarLine sar={sar} /> : null}
      {trace ? <LearnedLine trace={trace} completion={completion} /> : null}
      {permuted.map((one) => (
        <p className="sarline small quiet" key={one.term}>
          {permutedText(one, index)}
        </p>
      ))}
      {scored ? (
        <div className="score">
          {parts.map((part) => (
            <span className="part" key={part.term}>
              {part.yes === undefined ? null : (
                <span className={`dot ${part.yes ? 'yes' : 'no'}`} />
              )}
              <span className={part.value === 0 || part.watched ? 'faint' : undefined}>
                {partText(part.value)}
              </span>
              <span className="sr"> {termName(part.term)}</span>
            </span>
          ))}
          {reward === undefined ? null : (
            <b className="total">
              {signed(reward).replace('+', '')}
              <span className="sr"> reward</span>
            </b>
          )}
          {advantage === undefined ? null : (
            <span className="advcell">
              <AdvantageBar value={advantage} reach={reach} />
              <span className="n">
                {signed(advantage)}
                <span className="sr"> advantage</span>
              </span>
            </span>
          )}
        </div>
      ) : null}
    </li>
  );
});

function AdvantageBar({ value, reach }: { readonly value: number; readonly reach: number }) {
  const width = Math.min(50, (Math.abs(value) / reach) * 50) || 0;
  return (
    <svg className="adv" width="100%" height="10" aria-hidden="true">
      <rect
        className={value < 0 ? 'down' : 'up'}
        x={`${value < 0 ? 50 - width : 50}%`}
        y="1"
        width={`${width}%`}
        height="8"
      />
      <line className="zero" x1="50%" x2="50%" y1="0" y2="100%" />
    </svg>
  );
}

function partText(value: number): string {
  if (value === 0) return '0';
  const decimals = Math.abs(value * 10 - Math.round(value * 10)) < 1e-9 ? 1 : 2;
  return value.toFixed(decimals).replace('-', '−');
}
