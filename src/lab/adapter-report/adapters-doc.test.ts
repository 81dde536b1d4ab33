/** docs/adapters.md is what the reports say. `npm run adapters` writes it again. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { KERNEL_CHECKS } from '../../kernels/registry.ts';
import { adaptersMarkdown } from './adapters-doc.ts';
import { ageInWords } from './age.ts';
import { rowsDue } from './kernel-rows.ts';
import { type AdapterReport, type KernelRow, parseAdapterReport } from './schema.ts';

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

/** A report with the rows that this build makes on the adapter of an older one. */
function renewed(report: AdapterReport): AdapterReport {
  const { adapter } = report;
  const device = { features: adapter?.features ?? [], subgroup: adapter?.subgroups?.[0] ?? 0 };
  const families = report.families.map((part) => ({
    ...part,
    kernels: rowsDue(
      { family: part.family, sizes: 'all', single: part.family === adapter?.family },
      device,
    ).map(
      ({ check, variant }): KernelRow => ({
        ...{ kernel: check.name, variant, sizes: 'all', done: 0, of: check.cases.length },
        ...{ passed: true, ms: 0, worst: null, bits: [], error: null },
      }),
    ),
  }));
  return { ...report, families };
}

test('a report that lacks kernels, variants or sizes of this build is called older than these', () => {
  const whole = renewed(reports[0].report);
  expect(ageInWords(whole)).toBeNull();
  const keeping = (keep: (row: KernelRow) => boolean) => ({
    ...whole,
    families: whole.families.map((part) => ({ ...part, kernels: part.kernels.filter(keep) })),
  });
  const { name } = KERNEL_CHECKS.find(({ variants }) => variants.includes('default')) ?? {};
  const older = keeping(({ kernel }) => kernel !== name);
  expect(ageInWords(older)).toBe(`older than the kernels ${name}`);
  expect(
    ageInWords(keeping(({ kernel, variant }) => kernel !== 'matmul-few' || variant !== 'lanes16')),
  ).toBe('older than the kernels matmul-few (lanes16)');
  // A family that was never reached says nothing about age.
  expect(ageInWords(keeping(() => false))).toBeNull();
  const [first, ...others] = whole.families[0].kernels;
  const shorter = { ...first, of: first.of - 1 };
  const part = { ...whole.families[0], kernels: [shorter, ...others] };
  expect(ageInWords({ ...whole, families: [part] })).toBe(`older than sizes of ${first.kernel}`);
  const page = adaptersMarkdown([{ file: 'x.json', report: older }]);
  expect(page.match(/older than the kernels/g)).toHaveLength(2);
});

test('reports of different builds are not left to be compared by their hashes', () => {
  const [{ file, report }] = reports;
  const two = (build: string) =>
    adaptersMarkdown([
      { file, report },
      { file: 'other.json', report: { ...report, build } },
    ]);
  expect(two('0.2.0+other')).toContain('of different builds');
  expect(two(report.build)).not.toContain('of different builds');
});
