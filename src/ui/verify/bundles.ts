/** Bundles of stored runs: as files, and to be verified. */
import { toReport } from '../../errors.ts';
import { openBundle } from '../../lab/bundle/bundle.ts';
import { packSet } from '../../lab/bundle/bundle-set.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import type { Page } from '../context.ts';
import { fileStem } from '../export.ts';
import { saveFile } from '../files.ts';
import { plural } from '../format.ts';
import { storedBundle } from '../recording/save-bundle.ts';
import type { Asked } from './verify-list.ts';

/** A stored run and what it is called. */
interface NamedRun {
  readonly run: SeedRun;
  readonly name: string;
}

const calledOf = ({ name, run: { seed } }: NamedRun) => `${name}, seed ${seed}`;

/** The bundle of one stored run. @throws BatonError BadFile where it cannot be read, BadConfig where its settings were moved */
async function bundleOf({ stored }: Page, { run }: NamedRun): Promise<Uint8Array> {
  const group = await stored.readOne(run.stored);
  return storedBundle(group.runs[run.place]);
}

/** Saves stored runs as bundles, several of them in one file. Those that cannot be bundled are named, and the others are saved. */
export async function exportBundles(page: Page, runs: readonly NamedRun[]): Promise<void> {
  const bundles = new Map<string, Uint8Array>();
  const refused: string[] = [];
  for (const one of runs) {
    try {
      const stem = fileStem(calledOf(one));
      const again = bundles.has(`${stem}.tar.gz`) ? `-${one.run.hash.slice(0, 8)}` : '';
      bundles.set(`${stem}${again}.tar.gz`, await bundleOf(page, one));
    } catch (error) {
      refused.push(`${calledOf(one)}: ${toReport(error).message}.`);
    }
  }
  const [first] = bundles;
  if (first && bundles.size === 1) saveFile(first[0], 'application/gzip', first[1] as BlobPart);
  else if (first) {
    const stem = fileStem([...new Set(runs.map(({ name }) => name))].join(' '));
    saveFile(`${stem}-bundles.tar`, 'application/x-tar', packSet(bundles) as BlobPart);
  }
  if (refused.length === 0) return;
  page.view.setState({
    message: {
      tone: 'warn',
      title: `${plural(refused.length, 'run')} of ${runs.length} not bundled`,
      lines: refused.map((text) => ({ text })),
    },
  });
}

/** Runs stored runs again, one after the other, and compares every row. */
export function verifyStored(page: Page, runs: readonly NamedRun[]): void {
  page.verify.add(
    runs.map(
      (one): Asked => ({
        name: calledOf(one),
        open: async () => openBundle(await bundleOf(page, one)),
        keep: 'never',
      }),
    ),
  );
  void page.verify.begin();
}
