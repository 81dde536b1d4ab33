import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatSeconds,
  formatWeight,
} from './format.ts';

describe('numbers as the page writes them', () => {
  test('small numbers have an exponent with a true minus sign', () => {
    expect(formatNumber(0.0001)).toBe('1.0e−4');
    expect(formatNumber(0.00025)).toBe('2.5e−4');
    expect(formatNumber(-3)).toBe('−3');
    expect(formatNumber(0)).toBe('0');
  });

  test('weights show at least one decimal', () => {
    expect(formatWeight(1)).toBe('1.0');
    expect(formatWeight(0.25)).toBe('0.25');
    expect(formatWeight(0.1 + 0.2)).toBe('0.3');
  });

  test('durations read as minutes and seconds', () => {
    expect(formatDuration(103)).toBe('1:43');
    expect(formatDuration(59.6)).toBe('1:00');
    expect(formatDuration(7510)).toBe('2:05:10');
  });

  test('a step keeps three digits and a size its binary unit', () => {
    expect(formatSeconds(1.558)).toBe('1.56 s');
    expect(formatSeconds(0.0842)).toBe('0.084 s');
    expect(formatBytes(222_298_112)).toBe('212 MiB');
  });
});
