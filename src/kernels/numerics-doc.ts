/** docs/numerics.md, written from the table of tolerances. */
import { KERNEL_CHECKS } from './registry.ts';
import { TOLERANCES } from './tolerances.ts';

const INTRODUCTION = `# Numbers

Everything on the GPU is computed in float32, without float atomics; with \`fp16\` some of it is stored in 16 bits. This page says what
that guarantees, and how far a kernel may be from the exact result. A test keeps its tables equal to those that the tests of the kernels
use (\`src/kernels/tolerances.ts\`).

## Same inputs, same bits

- The order of every sum depends on the shapes alone: partial sums have fixed bounds and are added in a fixed order.
- A row's result does not depend on how many other rows there are: matrix products add along k in order, and attention, norms
  and sampling work row by row. So dropping finished sequences from the batch does not change the tokens of the others.
- How a recording is cut into submits depends on the clock and changes no number. Nothing else depends on the clock.
- A draw is a function of (run key, position, token id, sequence), from Philox4x32-10; the WGSL equals \`philox.ts\` word for word.
- Another adapter, driver or family of variants may give other bits, within the tolerances below.

Every check runs its kernel twice from the same buffers and compares bits.

## How kernels are checked

Each kernel has a reference in plain float64 loops (\`<name>.reference.ts\`), whose gradients are checked by central differences.
The kernel runs on awkward sizes. Its outputs start as NaN, every buffer is followed by 4 KiB of NaN that must stay unchanged, and
padding that must not be read is NaN too. The error of a number is |actual - expected| divided by the sum of the absolute terms that
it is computed from, so that cancellation in the data does not count against the kernel.
Large cases (1,024 and more in a dimension, or more workgroups than a grid's dimension holds) run on GPUs: of large products 4,096 outputs
are compared. Cases with outliers store 1e4 as f16 among ordinary numbers.
\`npm run -s lab -- check\` does the same on your adapter (\`--sizes large\` the large cases), and compares the bits of the variants of each family.
[adapters.md](adapters.md) has the reports from the adapters that sent one.
`;

export function numericsMarkdown(): string {
  const rows = Object.entries(TOLERANCES).map(([name, { limit, of, why }]) => {
    const cells = [name, limit === 0 ? '0' : limit.toExponential(), of, why];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const checks = KERNEL_CHECKS.map(({ name, variants, cases, large = [] }) => {
    const ways = variants.filter((variant) => variant !== 'default').join(', ') || 'one way';
    return `| ${name} | ${ways} | ${cases.length} | ${large.length} |`;
  });
  return [
    INTRODUCTION,
    '## Tolerances\n',
    '| what | largest error | in units of | why |',
    '| --- | --- | --- | --- |',
    ...rows,
    '\n## Kernels\n',
    '| kernel | variants | sizes checked | large ones |',
    '| --- | --- | --- | --- |',
    ...checks,
    '',
  ].join('\n');
}
