/** A report as a page to read: one HTML file that needs nothing else. Every text in it is escaped, since a report may come from anywhere. */
import { coverageOf, sortedOut, variantsOf } from './coverage.ts';
import { FAMILY_NAMES, speedsInWords } from './lines.ts';
import type { AdapterReport, InPlace, KernelRow, Steps } from './schema.ts';
import { endInWords, firstStepAgrees, summarise } from './summary.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1a; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #ddd; vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } .bad { color: #a3231a; font-weight: 600; } .quiet { color: #666; } code { font-size: .85em; overflow-wrap: anywhere; }
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (value: unknown): string =>
  String(value).replace(/[&<>"']/g, (character) => ENTITIES[character]);

const cell = (value: unknown, of = '') => `<td${of && ` class="${of}"`}>${text(value)}</td>`;
const row = (cells: readonly string[]) => `<tr>${cells.join('')}</tr>`;
function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((one) => `<th>${text(one)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}
const section = (title: string, body: string) => `<h2>${text(title)}</h2>\n${body}`;

function kernel({ kernel: name, variant, sizes, done, of, passed, ms, worst, error }: KernelRow) {
  const margin = worst
    ? `${worst.error === null ? 'no number' : worst.error.toExponential(1)}, ${worst.tolerance.toExponential(1)} allowed, in ${worst.output} (${worst.case})`
    : '';
  const where = passed ? '' : (error ?? `${worst?.case}: ${worst?.output} ${worst?.worst}`);
  const verdict = passed ? (done > 0 ? 'right' : 'not checked') : 'wrong';
  return row([
    cell(name),
    cell(variant === 'default' ? 'the only one' : variant),
    cell(`${done} of ${of}${sizes === 'large' ? ' large' : ''}`, 'n'),
    `<td${passed ? '' : ' class="bad"'}>${verdict}${where && `: ${text(where)}`}</td>`,
    cell(margin),
    cell(`${ms} ms`, 'n'),
  ]);
}

function inPlace({ passed, logprobs, gradients }: InPlace, when: string): string {
  const part = ({ error, limit, at }: InPlace['logprobs']) =>
    `${error === null ? 'no number' : `off by ${error.toExponential(1)}`}, ${limit.toExponential(1)} allowed (${at})`;
  return `<li${passed ? '' : ' class="bad"'}>The policy ${when} training, in the run’s own buffers, against float64: log-probs ${text(part(logprobs))}; gradients ${text(part(gradients))}</li>`;
}

function steps(one: Steps): string {
  const hashes = Object.entries(one.hashes).map(
    ([step, hash]) =>
      `<li>Hash of the rows up to step ${text(step)}: <code>${text(hash)}</code></li>`,
  );
  const done =
    one.done === 0
      ? 'Not done'
      : `${one.done} of ${one.of} steps in ${one.seconds.toFixed(1)} s, with loading and compiling`;
  return `<ul><li>${done}</li>
${hashes.join('\n')}
${one.inPlace.map((check, i) => inPlace(check, i === 0 ? 'before' : 'after')).join('\n')}
${one.error === null ? '' : `<li class="bad">${text(one.error)}</li>`}</ul>`;
}

function adapter(report: AdapterReport): string {
  const { adapter: one, browser, build, commit, date, seconds, limit } = report;
  const { sizes, steps: training } = coverageOf(report);
  const end = endInWords(report);
  const facts: [string, string][] = [
    ['adapter', one ? Object.values(one.words).filter(Boolean).join(', ') || one.name : 'none'],
    ['kernels', one ? FAMILY_NAMES[one.family] : ''],
    ['features', one?.features.join(', ') ?? ''],
    ['lanes of a subgroup', one?.subgroups ? one.subgroups.join(' to ') : 'not told'],
    ...Object.entries(one?.limits ?? {}).map(([name, limit]): [string, string] => [
      name,
      limit.toLocaleString('en-GB'),
    ]),
    ['in', browser],
    ['build', commit ? `${build}, commit ${commit}` : build],
    [
      'made',
      `${date}, in ${seconds.toFixed(0)} s${limit === undefined ? '' : ` of at most ${limit}`}${end ? `; ${end}` : ''}`,
    ],
    [
      'done',
      `${sizes.done} of ${sizes.of} sizes, ${training.done} of ${training.of} training steps`,
    ],
  ];
  return table(
    ['', ''],
    facts.map((pair) => row(pair.map((value) => cell(value)))),
  );
}

function bits({ families }: AdapterReport): string {
  const all = families.flatMap((family) => family.bits);
  const rows = all.map(({ kernel: name, sizes, variants, cases, differ }) =>
    row([
      cell(name),
      cell(variants.join(', ')),
      cell(`${cases}${sizes === 'large' ? ' large' : ''}`, 'n'),
      differ.length === 0
        ? cell('the same bits')
        : cell(differ.map((one) => `${one.variant} differs in ${one.cases}`).join(', '), 'bad'),
    ]),
  );
  return table(['kernel', 'variants of one family', 'sizes', ''], rows);
}

function tuner({ tuner: one }: AdapterReport): string {
  if (!one) return '<p class="quiet">Not asked.</p>';
  const names = [
    ...new Set([
      ...Object.keys(one.times),
      ...Object.keys(one.variants),
      ...Object.keys(one.refused),
    ]),
  ];
  const rows = names.map((name) =>
    row([
      cell(name),
      cell(one.variants[name] ?? 'plain'),
      cell(
        Object.entries(one.times[name] ?? {})
          .map(([variant, ms]) => `${variant} ${ms === null ? 'too quick' : ms.toFixed(3)}`)
          .join(', '),
      ),
      cell(
        Object.entries(one.refused[name] ?? {})
          .map(([variant, why]) => `${variant} ${why}`)
          .join('; '),
      ),
    ]),
  );
  const timed = Object.keys(one.times).length > 0;
  const how = timed
    ? ''
    : '<p class="quiet">Nothing was timed: a software adapter takes the variants that are known to suit it.</p>';
  return how + table(['operation', 'chosen', 'milliseconds', 'refused'], rows);
}

/** What the verdict means, what it does not say, and what to do with the report. */
function guide({ adapter: one }: AdapterReport): string {
  const software = one?.software
    ? ' This adapter is software: it computes on the processor, and no graphics card took part.'
    : '';
  return `<p>Right means: every size that was tried is within what rounding allows of the same computation in float64, two runs have the same bits, and no kernel writes outside its buffers. Large sizes are rows of their own where there are any. A hash is a fingerprint of a run’s numbers: two adapters may have different ones and both be right.${software}</p>
<p>To send the report, attach its JSON file to an issue of the project, or add it to docs/adapters. If something is wrong or not done, say also whether other programs used the graphics card, and whether the computer ran on battery.</p>`;
}

/** @returns a whole HTML document */
export function reportPage(report: AdapterReport): string {
  const { verdict, failed, differ } = summarise(report);
  const { right, part, wrong, none } = sortedOut(variantsOf(report.families));
  const speeds = speedsInWords(report);
  const name = report.adapter?.name ?? 'no adapter';
  const agrees = firstStepAgrees(report);
  const heads = [
    'kernel',
    'variant',
    'sizes',
    '',
    'nearest to what is allowed',
    'time with compiling',
  ];
  const parts = [
    section('Adapter', adapter(report)),
    ...(report.problems.length > 0
      ? [
          section(
            'Not done',
            `<ul>${report.problems.map(({ part, message }) => `<li>${text(part)}: ${text(message)}</li>`).join('\n')}</ul>`,
          ),
        ]
      : []),
    ...(report.ceilings && speeds
      ? [
          section(
            'Highest speeds',
            `<p>${text(speeds)}. Product: ${text(report.ceilings.matmul)}; copy: ${text(report.ceilings.copy)}.</p>`,
          ),
        ]
      : []),
    ...(report.run ? [section(`A run of ${report.run.of} steps`, steps(report.run))] : []),
    ...(agrees === null
      ? []
      : [
          agrees
            ? '<p>With the first variant of every kernel (those that no tuner chose) the first step has the same hash.</p>'
            : '<p class="bad">With the first variant of every kernel (those that no tuner chose) the first step has another hash.</p>',
        ]),
    section('Bits across variants', bits(report)),
    section('Tuner', tuner(report)),
    ...report.families.map(({ family, kernels, step }) =>
      section(
        FAMILY_NAMES[family],
        `${step ? `<p>One training step with them:</p>${steps(step)}` : ''}${table(heads, kernels.map(kernel))}`,
      ),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Baton on ${text(name)}</title>
<style>${STYLE}</style>
<h1>Baton on ${text(name)}</h1>
<p${failed + differ > 0 ? ' class="bad"' : ''}>${text(verdict)}. Kernels and variants: ${right.length} right in every size, ${part.length} in the sizes that were done, ${wrong.length} wrong, ${none.length} not begun.</p>
${guide(report)}
${parts.join('\n')}
</html>
`;
}
