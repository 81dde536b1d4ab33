/** What naming and a tie pay the critic, by the chance that its best guess is right: from one half, since there are two answers, to 1. */
const GRID = [0, 0.5, 1] as const;
const LOW = 0.5;

interface Props {
  readonly tau: number;
  /** The run's critic; null where there is none. */
  readonly accuracy: number | null;
}

export function TiePlot({ tau, accuracy }: Props) {
  const cross = Math.max(LOW, tau);
  const said = `Naming pays p, a tie ${tau.toFixed(2)}. Below p = ${cross.toFixed(2)} a tie pays more.`;
  return (
    <svg className="plot payplot" role="img" aria-label={said}>
      <rect className="tiezone" x="0" y="0" width={across(cross)} height="100%" />
      <g className="grid">
        {GRID.map((pay) => (
          <line key={pay} x1="0" x2="100%" y1={up(pay)} y2={up(pay)} />
        ))}
      </g>
      <line className="axis" x1="0" x2="100%" y1="100%" y2="100%" />
      {accuracy !== null && accuracy >= LOW ? (
        <>
          <line className="run" x1={across(accuracy)} x2={across(accuracy)} y1="0" y2="100%" />
          <text
            className="name"
            x={across(accuracy)}
            y="100%"
            dx={accuracy > 0.75 ? -6 : 6}
            dy="-8"
            textAnchor={accuracy > 0.75 ? 'end' : 'start'}
          >
            this run’s critic
          </text>
        </>
      ) : null}
      <line className="name-line" x1="0" x2="100%" y1={up(LOW)} y2={up(1)} />
      <line className="tie-line" x1="0" x2="100%" y1={up(tau)} y2={up(tau)} />
      <line className="cross" x1={across(cross)} x2={across(cross)} y1="0" y2="100%" />
      <circle className="crossing" cx={across(cross)} cy={up(tau)} r="4.5" />
      <text className="name" x="100%" y={up(0.92)} dx="-8" dy="18" textAnchor="end">
        naming pays p
      </text>
      <text
        className="name"
        x="100%"
        y={up(tau)}
        dx="-8"
        dy={tau > 0.75 ? 34 : 16}
        textAnchor="end"
      >
        a tie pays {tau.toFixed(2)}
      </text>
      {GRID.map((pay) => (
        <text key={pay} x="-6" y={up(pay)} dy="4" textAnchor="end">
          {pay}
        </text>
      ))}
      <text x="0" y="100%" dy="16">
        p = 0.5
      </text>
      <text x="50%" y="100%" dy="16" textAnchor="middle">
        0.75
      </text>
      <text x="100%" y="100%" dy="16" textAnchor="end">
        1
      </text>
    </svg>
  );
}

const across = (p: number) => `${((100 * (p - LOW)) / (1 - LOW)).toFixed(2)}%`;
const up = (pay: number) => `${(100 * (1 - pay)).toFixed(2)}%`;
