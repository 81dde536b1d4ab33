/** How often receivers are right from each cut, drawn under the text on the text's own scale. */
import { percent, type TokenLine } from '../token-lines.ts';
import type { Answer } from './answer.ts';
import { BOX, bandPath, linePath, namePlaces } from './curve-shape.ts';
import { placeOf } from './cuts.ts';
import { rateOf } from './interval.ts';
import { receiverLine } from './receiver-column.tsx';
import { useTransfer } from './transfer-context.tsx';
import { curveOf, shareAt } from './transfer-data.ts';
import { curveSentence, rateText } from './words.ts';

const GRID = [0, 0.5, 1] as const;

interface Props {
  readonly answer: Answer;
  readonly line: TokenLine;
  readonly first: boolean;
  readonly last: boolean;
  readonly cut: number;
}

export function Curve({ answer, line, first, last, cut }: Props) {
  const receivers = useTransfer((data) => data.receivers);
  const liftedKey = useTransfer((data) => data.lifted);
  const curves = receivers.map((receiver) => curveOf(receiver, answer));
  const lifted = receivers.findIndex(({ model }) => model.ref.key === liftedKey);
  const scratch = lifted >= 0 ? shareAt(receivers[lifted], answer, 0) : undefined;
  // A name that found its place keeps it: it is given once nothing moves any more.
  const settled = receivers.every(({ status }) => status === 'done' || status === 'failed');
  const names = settled && first ? namePlaces(line, curves, scratch ? [rateOf(scratch)] : []) : [];
  const here = placeOf(line, cut, last);
  return (
    <svg className="plot" role="img" aria-label={curveSentence(receivers, answer, cut)}>
      <g className="grid">
        {GRID.map((rate) => (
          <line key={rate} x1="0" x2="100%" y1={height(rate)} y2={height(rate)} />
        ))}
      </g>
      <Leaks answer={answer} line={line} />
      <g className="steps">
        {answer.steps
          .filter((step) => step > line.from && step < line.to)
          .map((step) => {
            const at = percent(line.edges[step - line.from], line);
            return <line key={step} x1={at} x2={at} y1="-20" y2="100%" />;
          })}
      </g>
      <line className="axis" x1="0" x2="100%" y1="100%" y2="100%" />
      {scratch && (
        <line
          className="scratch"
          x1="0"
          x2="100%"
          y1={height(rateOf(scratch))}
          y2={height(rateOf(scratch))}
        />
      )}
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        width="100%"
        height="100%"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {lifted >= 0 && (
          <path className={`band ${receiverLine(lifted)}`} d={bandPath(line, curves[lifted])} />
        )}
        {receivers
          .map(({ model }, place) => ({ key: model.ref.key, place }))
          .reverse()
          .map(({ key, place }) => (
            <path
              key={key}
              className={`ln ${receiverLine(place)}${place === lifted ? ' lifted' : ''}`}
              d={linePath(line, curves[place])}
            />
          ))}
      </svg>
      {curves.map((points, place) => {
        const point = here === undefined ? undefined : points.find((p) => p.cut === cut);
        return (
          point &&
          here !== undefined && (
            <circle
              key={receivers[place].model.ref.key}
              className={`spot ${receiverLine(place)}`}
              cx={percent(here, line)}
              cy={height(rateOf(point))}
              r="4"
            />
          )
        );
      })}
      {names.map(({ index, cut: at, rate, above }) => (
        <text
          key={receivers[index].model.ref.key}
          className="name"
          x={percent(line.edges[at - line.from], line)}
          y={height(rate)}
          dy={above ? -7 : 15}
          textAnchor="middle"
        >
          {receivers[index].model.name}
        </text>
      ))}
      {scratch && last && (
        <>
          <text className="name beside" x="100%" y={height(rateOf(scratch))} dx="8" dy="4">
            from scratch, {rateText(rateOf(scratch))}
          </text>
          <text
            className="name within"
            x="100%"
            y={height(rateOf(scratch))}
            dx="-6"
            dy={rateOf(scratch) > 0.9 ? 14 : -6}
            textAnchor="end"
          >
            from scratch, {rateText(rateOf(scratch))}
          </text>
        </>
      )}
      {first && (
        <g textAnchor="end">
          {GRID.map((rate) => (
            <text key={rate} x="-6" y={height(rate)} dy="4">
              {rate}
            </text>
          ))}
        </g>
      )}
    </svg>
  );
}

function height(rate: number): string {
  return `${(100 * (1 - rate)).toFixed(2)}%`;
}

/** Where the answer itself stands left of the cut already: receivers have nothing left to find out. */
function Leaks({ answer, line }: { answer: Answer; line: TokenLine }) {
  const cells = [...answer.leaks].flatMap((cut) => {
    if (cut < line.from || cut > line.to || line.width === 0) return [];
    // A cut stands between two cells; its field reaches to the middle of each.
    const edge = (at: number) => line.edges[Math.min(line.edges.length - 1, Math.max(0, at))];
    const at = cut - line.from;
    const from = (edge(at - 1) + edge(at)) / 2;
    return [{ cut, from, to: (edge(at) + edge(at + 1)) / 2 }];
  });
  return cells.map(({ cut, from, to }) => (
    <rect
      key={cut}
      className="leak"
      x={percent(from, line)}
      y="0"
      width={percent(to - from, line)}
      height="100%"
    >
      <title>The answer itself, masked: what stands is right already.</title>
    </rect>
  ));
}
