/** What leaves and enters the page on a person's wish: the clipboard, saved files, a chosen experiment file. */
import { toReport } from '../errors.ts';
import { shorten } from '../rl/experiment/field.ts';
import { writeLink } from '../rl/experiment/link.ts';
import { findPreset } from '../rl/experiment/presets/index.ts';
import { type Experiment, parseExperiment } from '../rl/experiment/schema.ts';
import type { Manifest } from '../rl/records.ts';
import type { Page } from './context.ts';
import { fileStem, jsonLines, metricsCsv, seeded } from './export.ts';
import { formatValue, plural } from './format.ts';
import { isModel } from './own-policies/chosen-model.ts';
import { openOwnPolicy } from './own-policies/open-own-policy.ts';
import { nearestPreset, runName } from './presets.ts';
import { isBundle, openRecording } from './recording/open-bundle.ts';
import { runBundle } from './recording/save-bundle.ts';
import { rewardReading } from './reward-of-run.ts';
import type { Change } from './store/changes.ts';
import { shownPreset } from './store/lab-data.ts';
import { presentRuns, type RunData } from './store/runs.ts';
import { type Message, showToast } from './store/view.ts';
import { areBundles, takeBundles } from './verify/open-bundles.ts';

/** An experiment file above this size cannot be one. */
const MAX_EXPERIMENT_BYTES = 64 * 1024;

/** Writes the draft as a link to the clipboard; where that is refused, into the address bar. */
export async function copyLink(page: Page): Promise<void> {
  const { draft, preset: id } = page.lab.data;
  const preset = findPreset(id);
  if (!preset) return;
  const link = new URL(`#${writeLink(draft, preset)}`, location.href).href;
  await copyText(page, link, 'Link copied', () => {
    history.replaceState(null, '', link);
    return 'The link stands in the address bar.';
  });
}

/** Copies a text and says so; where the browser refuses the clipboard, `otherwise` does something else and says what. */
export async function copyText(
  page: Page,
  text: string,
  done: string,
  otherwise: () => string = () => 'Nothing was copied.',
): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast(page.view, done);
  } catch {
    showToast(page.view, `The browser refused the clipboard. ${otherwise()}`);
  }
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  // The download has taken its own reference once the click's task has ended.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export type ExportKind =
  | 'experiment'
  | 'metrics-csv'
  | 'metrics-jsonl'
  | 'samples'
  | 'model'
  | 'reward-model'
  | 'onnx'
  | 'manifest'
  | 'bundle';

/** Saves one part of the run, of several side by side one file each. A model that cannot be written is told in a notice. */
export async function exportPart(page: Page, kind: ExportKind): Promise<void> {
  const { data } = page.lab;
  const name = runName(shownPreset(data));
  if (kind === 'experiment') {
    const stem = seeded(fileStem(name), data.draft.seed);
    saveFile(`${stem}.json`, 'application/json', `${JSON.stringify(data.draft, null, 2)}\n`);
    return;
  }
  const runs = presentRuns(data);
  for (const run of runs) {
    const own = runs.length === 1 ? '' : `-${fileStem(run.label)}`;
    await exportRun(page, kind, run, seeded(fileStem(name) + own, run.experiment.seed));
  }
}

/** A manifest with the settings that were moved while the run went on, so that it can be repeated; the bare one where none was. */
function withChanges(manifest: Manifest | null, changes: readonly Change[]) {
  return changes.length === 0 ? manifest : { ...manifest, live_changes: changes };
}

/** Whether a run trains a reward model beside its policy. */
export function trainsReward(experiment: Pick<Experiment, 'method'>): boolean {
  return rewardReading(experiment) !== null;
}

async function exportRun(
  { lab, view }: Page,
  kind: Exclude<ExportKind, 'experiment'>,
  run: RunData,
  stem: string,
): Promise<void> {
  const { manifest, step, record, changes } = run;
  const { rows, samples } = record;
  switch (kind) {
    case 'metrics-csv':
      saveFile(`${stem}-metrics.csv`, 'text/csv', metricsCsv(rows));
      return;
    case 'metrics-jsonl':
      saveFile(`${stem}-metrics.jsonl`, 'application/jsonl', jsonLines(rows));
      return;
    case 'samples': {
      const groups = samples.steps().flatMap((kept) => samples.at(kept));
      saveFile(`${stem}-samples.jsonl`, 'application/jsonl', jsonLines(groups));
      return;
    }
    case 'manifest':
      saveFile(
        `${stem}-manifest.json`,
        'application/json',
        `${JSON.stringify(withChanges(manifest, changes), null, 2)}\n`,
      );
      return;
    case 'bundle':
      try {
        const bytes = await runBundle(lab, run);
        saveFile(`${stem}.tar.gz`, 'application/gzip', bytes as BlobPart);
      } catch (error) {
        tell(view, error);
      }
      return;
    case 'model':
      try {
        const folder = `${stem}-step-${step}`;
        const bytes = await savedModel(lab, run, folder);
        saveFile(`${folder}.tar`, 'application/x-tar', bytes as BlobPart);
      } catch (error) {
        tell(view, error);
      }
      return;
    case 'reward-model':
    case 'onnx':
      if (kind === 'reward-model' && !trainsReward(run.experiment)) return;
      try {
        const bytes =
          kind === 'onnx'
            ? await (await import('./run-onnx.ts')).runOnnx(lab, run)
            : await lab.exportModel(run.id, 'reward-model');
        const what = kind === 'reward-model' ? '-reward-model' : '';
        const ending = kind === 'onnx' ? 'onnx' : 'safetensors';
        saveFile(`${stem}${what}-step-${step}.${ending}`, 'application/octet-stream', bytes);
      } catch (error) {
        tell(view, error);
      }
      return;
  }
}

/** A run's model as a folder in one file, which the page and `lab` open again. @throws Cancelled, BadFile */
async function savedModel(
  lab: Page['lab'],
  { id, experiment }: RunData,
  folder: string,
): Promise<Uint8Array> {
  const weights = await lab.exportModel(id);
  return (await import('./own-policies/saved-model.ts')).savedModel(
    folder,
    experiment.policy,
    weights,
  );
}

function tell(view: Page['view'], error: unknown): void {
  const { message, remedy } = toReport(error);
  view.setState({ message: { tone: 'error', title: message, lines: [{ text: remedy }] } });
}

/** Reads a chosen experiment file into the draft, or names every problem and changes nothing. */
async function importExperiment(page: Page, file: File): Promise<void> {
  const name = shorten(file.name);
  const refuse = (title: string, lines: { field?: string; text: string }[]) =>
    page.view.setState({ message: { tone: 'error', title, lines } });
  if (file.size > MAX_EXPERIMENT_BYTES) {
    refuse(`${name} is too large for an experiment`, [
      {
        text: `It has ${file.size} bytes; allowed are ${MAX_EXPERIMENT_BYTES}. Nothing was changed.`,
      },
    ]);
    return;
  }
  let json: unknown;
  try {
    json = JSON.parse(await file.text());
  } catch {
    refuse(`${name} is not JSON`, [{ text: 'Nothing was changed. Choose another file.' }]);
    return;
  }
  const parsed = parseExperiment(experimentIn(json));
  if (!parsed.ok) {
    refuse(`${name} was not taken`, [
      ...parsed.problems.map(problemLine),
      { text: 'Nothing was changed.' },
    ]);
    return;
  }
  page.view.setState({ message: movedMessage(name, json) });
  page.lab.setDraft(parsed.experiment, nearestPreset(parsed.experiment));
  showToast(page.view, `${name} is the draft now`);
}

/** Moves that a notice names. */
const MOST_MOVES = 8;

/** A manifest's settings are those that its run began with: what was moved while it went has to be moved again. */
function movedMessage(name: string, json: unknown): Message | null {
  const found = (json as { readonly live_changes?: unknown } | null)?.live_changes;
  const moves = Array.isArray(found) ? found.filter(isMove) : [];
  const texts = moves.map(({ step, path, value }) => ({
    field: shorten(path),
    text: `${shorten(formatValue(value))} from step ${step}`,
  }));
  if (texts.length === 0) return null;
  const more = texts.length - MOST_MOVES;
  return {
    tone: 'warn',
    title: `${name} has settings that were moved live`,
    lines: [
      { text: 'The draft has what its run began with. The moves are not applied:' },
      ...texts.slice(0, MOST_MOVES),
      ...(more > 0 ? [{ text: `and ${plural(more, 'more move')}.` }] : []),
    ],
  };
}

function isMove(one: unknown): one is Change {
  if (typeof one !== 'object' || one === null) return false;
  const { step, path, value } = one as Partial<Change>;
  return Number.isInteger(step) && typeof path === 'string' && value !== undefined;
}

/** The experiment of a run's manifest, or else what is there itself. */
function experimentIn(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const { experiment, experiment_hash: hash } = json as Partial<Manifest>;
  return typeof hash === 'string' && experiment !== undefined ? experiment : json;
}

/** Takes files by what they are: a model, a run in a bundle, or an experiment. */
export async function takeFiles(page: Page, files: readonly File[]): Promise<void> {
  const [file] = files;
  if (!file) return;
  if (await areBundles(files)) await takeBundles(page, files);
  else if (isModel(files)) await openOwnPolicy(page, files);
  else await (isBundle(file) ? openRecording(page, file) : importExperiment(page, file));
}

/** The whole window takes a dropped experiment, bundle or model. */
export function takeDrops(page: Page): void {
  window.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  });
  window.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void takeFiles(page, files);
  });
}

/** A problem as a line of a notice: its field in code, then the rest of its sentence. */
export function problemLine({ field, message }: { field: string; message: string }): {
  field: string;
  text: string;
} {
  const text = message.startsWith(`${field} `) ? message.slice(field.length + 1) : message;
  return { field, text: text.endsWith('.') ? text : `${text}.` };
}
