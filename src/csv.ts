/** Tables as text for spreadsheets: comma-separated values after RFC 4180. */

export type Cell = string | number | boolean | null | undefined;

/**
 * One cell. A text that starts with = + - or @ would be run as a formula by a spreadsheet, so it gets a leading apostrophe; numbers stay
 * numbers, and what was not measured or is not finite is empty.
 */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of cells, the head first, each line ended. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}
