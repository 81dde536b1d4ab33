// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { MannerRecord } from '../../rl/records.ts';
import { madeRecord } from '../testing/made-record.ts';
import { SampleColumn } from './sample-column.tsx';
import { SampleRow } from './sample-row.tsx';
import { SampleStore } from './sample-store.ts';
import { modeOf } from './token-colour.ts';

const dialect = { id: 'private', label: 'Private', help: 'Steps are letters.' };
const spoken = (manner: MannerRecord) =>
  madeRecord({
    ...{ text: 'um7', pieces: ['u', 'm', '7'], manner },
    tokens: { logprob: [-1, -1, -1], 'sar/v': [0, 0.6, 2] },
  });
const rowOf = (manner: MannerRecord, table = false) =>
  render(
    <SampleRow
      completion={spoken(manner)}
      {...{ index: 0, terms: [], table, reach: 1 }}
      mode={modeOf('sar/v')}
    />,
  ).container;

test('an answer carries the label of its dialect, in the strip and beside its numbers', () => {
  for (const table of [false, true]) {
    const chip = rowOf({ dialect }, table).querySelector('.dialect');
    expect(chip?.textContent).toBe('Private');
    expect(chip?.getAttribute('title')).toBe('Steps are letters.');
  }
  expect(rowOf({}).querySelector('.dialect')).toBeNull();
});

test('tokens of chatter are marked, and keep the colours of their numbers', () => {
  const row = rowOf({ chatter: [[0, 2]] });
  const classes = [...row.querySelectorAll('[data-token]')].map(({ className }) =>
    className.trim(),
  );
  expect(classes).toEqual(['tok  chatter', 'tok p2 chatter', 'tok p4']);
  const cells = [...rowOf({ chatter: [[0, 2]] }, true).querySelectorAll('tbody tr')];
  expect(cells.map(({ textContent }) => textContent?.includes('chatter'))).toEqual([
    true,
    true,
    false,
  ]);
});

test('the legend says what lighter text means, where there is any', () => {
  const column = (manner: MannerRecord) => {
    const samples = new SampleStore();
    samples.push([{ step: 1, question: 'q', prompt: 'q', completions: [spoken(manner)] }]);
    const { unmount } = render(<SampleColumn samples={samples} terms={[]} groupSize={1} />);
    const said = screen.queryByText(/chatter: it says nothing new/) !== null;
    unmount();
    return said;
  };
  expect(column({ chatter: [[0, 2]] })).toBe(true);
  expect(column({ dialect })).toBe(false);
});

test('what a dialect is stands below the answers once, and what a number is below their table', () => {
  const samples = new SampleStore();
  const completions = [spoken({ dialect }), spoken({ dialect })];
  samples.push([{ step: 1, question: 'q', prompt: 'q', completions }]);
  render(<SampleColumn samples={samples} terms={[]} groupSize={2} />);
  expect(screen.getAllByText(/Steps are letters\./)).toHaveLength(1);
  const { says } = modeOf('sar/v');
  expect(says).toBeTruthy();
  expect(rowOf({ dialect }, true).textContent).toContain(says);
});

test('before any answer the legend names the number that it explains', () => {
  const samples = new SampleStore();
  const { container } = render(<SampleColumn samples={samples} terms={[]} groupSize={1} />);
  const { label, says } = modeOf('logprob');
  const select = container.querySelector<HTMLSelectElement>('#token-colour');
  expect(select?.selectedOptions[0].textContent).toBe(label);
  expect(container.querySelector('.says')?.textContent).toBe(says);
});
