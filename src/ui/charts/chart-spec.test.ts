import { expect, test } from 'vitest';
import { type ChartSpec, namesAside, withoutAsides } from './chart-spec.ts';

const spec: ChartSpec = {
  ...{ id: 'x', title: 'Logits', unit: 'mean', size: 'small', better: 'none' },
  lines: [
    { columns: ['a'], name: 'expert' },
    { columns: ['b'], name: 'policy', thin: true, aside: true },
  ],
};

test('a chart that leaves quantities out names the one that is left, unless its title does', () => {
  expect(namesAside(spec)).toEqual(['policy']);
  const { unit, lines } = withoutAsides(spec);
  expect(lines.map(({ name }) => name)).toEqual(['expert']);
  expect(unit).toBe('mean, expert');
  expect(withoutAsides({ ...spec, unit: undefined }).unit).toBe('expert');
  expect(withoutAsides({ ...spec, title: 'Expert' }).unit).toBe('mean');
  const two = { ...spec, lines: [...spec.lines, { columns: ['c'], name: 'other' }] };
  expect(withoutAsides(two).unit).toBe('mean');
});
