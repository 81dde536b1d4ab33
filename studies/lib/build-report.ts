/** The files of a study's report, from its raw data alone: the same data give the same bytes. */
import { preface } from './preface.ts';
import type { RawData } from './raw.ts';
import { type Block, heading, subheading, text, toMarkdown } from './report.ts';
import { Results } from './results.ts';
import type { ResultsOf, Study, StudyPart } from './study.ts';
import { settled } from './tuning.ts';

/** What the report of a part is made from. */
export interface PartData {
  readonly raw: RawData;
  /** Remarks that a person wrote (notes-PART.md beside the figures), Markdown. */
  readonly notes?: string;
}

/** What the report of a study is made from. */
export interface StudyData {
  /** By the id of the part; parts may be missing. */
  readonly parts: ReadonlyMap<string, PartData>;
  /** What a person wrote of what was tried where nothing shows (tried.md beside the figures), Markdown. */
  readonly tried?: string;
}

const NOTHING: PartData = { raw: { runs: [], starts: [] } };

const HOW_TO_READ =
  'A number is the mean over seeds, and what stands behind it in brackets is its 95 % interval by Student’s t over seeds: it says how far another set of seeds could lie. Differences and ratios are taken seed by seed (the same seed asks the same questions in every arm) before their mean and interval; ratios in the logarithm. Intervals are not corrected for how many there are.';

/** A part's section: what it asks, what was run, what came of it, and remarks. */
function section(part: StudyPart, of: ResultsOf, notes: string | undefined): Block[] {
  const results = of(part.id);
  const head = [heading(part.title), text(part.question)];
  if (results.runs.length === 0 && results.probe === undefined)
    return [...head, text('Not run yet.')];
  const blocks = [
    ...head,
    ...(results.runs.length > 0 ? [subheading('What was run'), ...preface(results)] : []),
    ...part.report(results, of),
    ...(notes ? [subheading('Remarks'), text(notes)] : []),
  ];
  return blocks.map((block) =>
    block.kind === 'figure'
      ? { ...block, figure: { ...block.figure, name: `${part.id}-${block.figure.name}` } }
      : block,
  );
}

/** The results of every part. */
export function resultsOf(study: Study, data: StudyData): ResultsOf {
  const all = new Map(
    study.parts.map((part) => {
      const { raw } = data.parts.get(part.id) ?? NOTHING;
      return [part.id, new Results(settled(part, raw.runs), raw)];
    }),
  );
  return (id) => {
    const found = all.get(id);
    if (!found) throw new Error(`${study.name} has no part ${id}`);
    return found;
  };
}

/**
 * @returns texts by path, relative to docs/results
 */
export function buildReport(study: Study, data: StudyData): Map<string, string> {
  const results = resultsOf(study, data);
  const blocks: Block[] = [
    text(study.question),
    ...study.verdicts(results),
    ...(data.tried ? [heading('What was tried where nothing shows'), text(data.tried)] : []),
    heading('How to read the numbers'),
    text(HOW_TO_READ),
    text(
      `The raw data stand in \`${study.name}/raw\`; \`npm run study -- ${study.name} --report-only\` makes this page from them, and without \`--report-only\` it does the runs anew.`,
    ),
    ...study.parts.flatMap((part) => section(part, results, data.parts.get(part.id)?.notes)),
  ];
  const files = new Map([
    [`${study.name}.md`, `# ${study.title}\n\n${toMarkdown(blocks, study.name)}`],
  ]);
  for (const block of blocks) {
    if (block.kind === 'figure') {
      files.set(`${study.name}/${block.figure.name}.svg`, block.figure.svg);
    }
  }
  return files;
}
