/** The clipped objective of the token in focus, with where it went and where the step's other tokens are. */
import { useMemo, useRef } from 'react';
import { useSize } from '../../charts/use-redraw.ts';
import { plural } from '../../format.ts';
import { BottomLine, BottomNumbers, LeftNumbers } from '../../plot/axes.tsx';
import { pixelX, pixelY } from '../../plot/frame.ts';
import type { PlotLine } from '../../plot/mark.ts';
import { Plot } from '../../plot/plot.tsx';
import type { BatchAnswer, StepBatch } from '../step-batch.ts';
import { type ClipView, clipView, type Moment } from './clip-view.ts';

interface Props {
  readonly batch: StepBatch;
  readonly answer: BatchAnswer;
  readonly token: number;
  /** When the other tokens are looked at. */
  readonly moment: Moment;
}

export function ClipPlot({ batch, answer, token, moment }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const view = useMemo(
    () => clipView(batch, { answer, token, moment }, { width, height }),
    [batch, answer, token, moment, width, height],
  );
  if (!view) return <p className="small quiet">Without an advantage a token is not pushed.</p>;
  const cispo = batch.trained === 'cispo';
  const said = saidOf(view, moment, cispo);
  return (
    <figure className="chart clip">
      <figcaption className="small">
        {cispo ? 'Push' : 'Objective'} against ratio, advantage {view.sign > 0 ? 'above' : 'below'}{' '}
        0
      </figcaption>
      <div className="plotbox" ref={box} role="img" aria-label={`Clip plot. ${said}`}>
        {width < 20 ? null : <Marks view={view} moment={moment} cispo={cispo} />}
      </div>
      <p className="small quiet">{said}</p>
    </figure>
  );
}

function Marks({
  view,
  moment,
  cispo,
}: {
  readonly view: ClipView;
  readonly moment: Moment;
  readonly cispo: boolean;
}) {
  const { frame, line, held, others, own } = view;
  const lines = useMemo(
    (): PlotLine[] => [
      {
        ...{ key: 'objective', points: line, className: 'objective' },
        ...{ stroke: 'var(--ink)', width: 1.5 },
      },
    ],
    [line],
  );
  const shaded = held.filter(({ from, to }) => to > from);
  const [stretch] = shaded;
  const x = (ratio: number) => pixelX(frame, ratio);
  const y = (value: number | null) => pixelY(frame, value ?? 0);
  return (
    <>
      <Plot
        frame={frame}
        lines={lines}
        across={[]}
        down={[1]}
        gaps={shaded.map((one) => ({ ...one, key: String(one.from) }))}
      />
      <svg className="plot over" aria-hidden="true">
        <BottomLine {...frame} />
        {others.map((point) => (
          <circle key={point.x} className="other" cx={x(point.x)} cy={y(point.y)} r="2.5" />
        ))}
        {own.map((point) => (
          <circle
            key={point.moment}
            className={point.moment === moment ? 'this' : 'was'}
            cx={x(point.x)}
            cy={y(point.y)}
            r="4.5"
          />
        ))}
        {stretch ? (
          <text
            className="name"
            x={(x(stretch.from) + x(stretch.to)) / 2}
            y={frame.height - 8}
            textAnchor="middle"
          >
            {cispo ? 'capped' : 'clipped'}
          </text>
        ) : null}
        <LeftNumbers frame={frame} />
        <BottomNumbers frame={frame} />
      </svg>
    </>
  );
}

function saidOf({ tokens, beyond, sign }: ClipView, moment: Moment, cispo: boolean): string {
  const when = moment === 'after' ? 'After the update' : `As pass ${moment} began`;
  const side = sign > 0 ? 'above' : 'below';
  const many = beyond === 0 ? 'none' : String(beyond);
  const what = cispo ? 'at the cap' : 'in the clip, where nothing pushes further';
  const verb = beyond > 1 ? 'are' : 'is';
  return `${when} ${many} of ${plural(tokens, 'token')} with an advantage ${side} 0 ${verb} ${what}.`;
}
