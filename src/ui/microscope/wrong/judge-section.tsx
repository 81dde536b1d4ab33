/** As a judge: whether the reward's probability that an answer is right is the share that is. Live, of the answers that were drawn. */
import type { JudgeQuality } from '../../../rl/airl/as-judge.ts';
import type { Interval } from '../../../rl/evaluate/bootstrap.ts';
import { About } from '../../glossary/about.tsx';
import { ReliabilityPlot } from './reliability-plot.tsx';

export function JudgeSection({ quality }: { readonly quality: JudgeQuality }) {
  const { right, wrong, reliability, calibration_error: error } = quality;
  const bins = reliability.filter(({ count }) => count > 0);
  return (
    <section className="judging" aria-labelledby="judging-h">
      <div className="line">
        <h3 id="judging-h">As a judge</h3>
        <About title="As a judge" asked={{ chart: 'reliability' }} />
      </div>
      <p className="quiet">
        The reward learned to tell experts from a policy, not right from wrong. Read as a
        probability, the sigmoid of an answer’s mean logit, how often is it right? {right + wrong}{' '}
        answers, {right} of them right.
      </p>
      <div className="judgegrid">
        <ReliabilityPlot bins={reliability} />
        <div>
          <dl className="judged-by">
            <div>
              <dt>Calibration error</dt>
              <dd>{error.toFixed(2)}</dd>
              <dd className="quiet">0 where the probability is the share that is right</dd>
            </div>
            <Auroc
              name="AUROC, reward"
              auroc={quality.auroc_interval}
              says="how often a right answer has the higher logit of a right and a wrong one"
            />
            <Auroc
              name="AUROC, own log-prob"
              auroc={quality.log_probability_auroc_interval}
              says="the same by the policy’s mean log-probability"
            />
          </dl>
          <table className="data bins">
            <caption className="sr">The bins of the diagram</caption>
            <thead>
              <tr>
                <th scope="col">reward’s probability</th>
                <th scope="col" className="n">
                  answers
                </th>
                <th scope="col" className="n">
                  says
                </th>
                <th scope="col" className="n">
                  right
                </th>
              </tr>
            </thead>
            <tbody>
              {bins.map(({ from, to, count, said, found }) => (
                <tr key={from}>
                  <th scope="row">
                    {from.toFixed(1)} to {to.toFixed(1)}
                  </th>
                  <td className="n">{count}</td>
                  <td className="n">{said?.toFixed(2)}</td>
                  <td className="n">{found?.toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

function Auroc({
  name,
  auroc,
  says,
}: {
  readonly name: string;
  readonly auroc: Interval | null;
  readonly says: string;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {auroc === null
          ? 'none'
          : `${auroc.mean.toFixed(2)} (${auroc.low.toFixed(2)} to ${auroc.high.toFixed(2)})`}
      </dd>
      <dd className="quiet">{auroc === null ? 'all answers are right, or all wrong' : says}</dd>
    </div>
  );
}
