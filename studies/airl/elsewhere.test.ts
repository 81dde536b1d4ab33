/** What the page says of rewards used elsewhere is what the study's raw files say. `npx vitest run studies/airl/elsewhere.test.ts -u` writes it anew. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { partFolder, readRaw } from '../lib/raw.ts';
import { Results } from '../lib/results.ts';
import { elsewhereOf } from './elsewhere.ts';
import { judges } from './judge-part.ts';

const FOLDER = fileURLToPath(new URL('../../docs/results/airl', import.meta.url));

test('the matrix of the page is that of the raw files', async () => {
  const results = new Results(judges, readRaw(partFolder(FOLDER, judges)));
  const text = `${JSON.stringify(elsewhereOf(results), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../src/ui/microscope/wrong/elsewhere.json');
});
