/** docs/adapters.md is what the reports say. `npm run adapters` writes it again. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { adaptersMarkdown } from './adapters-doc.ts';
import { parseAdapterReport } from './schema.ts';

const folder = new URL('../../../docs/adapters/', import.meta.url);
const files = readdirSync(fileURLToPath(folder)).filter((file) => file.endsWith('.json'));
const reports = files.map((file) => ({
  file,
  report: parseAdapterReport(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), file),
}));

test('docs/adapters.md is made of the reports in docs/adapters', async () => {
  expect(files.length).toBeGreaterThan(0);
  await expect(adaptersMarkdown(reports)).toMatchFileSnapshot('../../../docs/adapters.md');
});

test('a text of a report cannot become a mark of the page', () => {
  const [{ file, report }] = reports;
  const adapter = { ...report.adapter, name: '<script>alert(1)</script> | [x](y)\n## z' };
  const page = adaptersMarkdown([{ file, report: { ...report, adapter } as typeof report }]);
  expect(page).not.toContain('<script>');
  expect(page).not.toMatch(/^## z/m);
  expect(page).toContain('\\<script\\>alert(1)\\</script\\> \\| \\[x\\](y) \\#\\# z');
});
