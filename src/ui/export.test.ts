import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileStem, jsonLines, metricsCsv } from './export.ts';

describe('exported text', () => {
  test('a metric that only some rows have leaves empty cells in the others', () => {
    const csv = metricsCsv([
      { step: 1, reward: 0.5 },
      { step: 2, reward: null, 'eval/accuracy': 0.25 },
    ]);
    expect(csv).toBe('step,reward,eval/accuracy\r\n1,0.5,\r\n2,,0.25\r\n');
  });

  test('every line of a JSONL file parses back to its row', () => {
    const rows = [
      { step: 1, reward: 0.5 },
      { step: 2, reward: null },
    ];
    const lines = jsonLines(rows).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
  });

  test('a file name has no characters a file system could refuse', () => {
    fc.assert(
      fc.property(fc.string(), (title) => {
        expect(fileStem(title)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*-?$/);
      }),
    );
  });
});
