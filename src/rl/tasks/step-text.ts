/** Text made of arithmetic steps: `12+95=7,7+7=14` with `,` between steps and `;` between tries. */

/**
 * Offsets just after each step and its separator, and the text's end. The separator belongs to the step before it, so that
 * whoever takes over never has to guess whether the last number was finished.
 */
export function separatedSteps(text: string): number[] {
  const ends: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === ',' || text[i] === ';') ends.push(i + 1);
  }
  if (text.length > 0 && ends[ends.length - 1] !== text.length) ends.push(text.length);
  return ends;
}

/** Which of the steps that `separatedSteps` tells apart a character is in, from 0. */
export function stepAt(text: string, at: number): number {
  let step = 0;
  for (let i = 0; i < at; i++) step += Number(text[i] === ',' || text[i] === ';');
  return step;
}

/** Calls `visit` with each piece between separators, without making a list of a long text; stops where it returns false. */
export function everyPiece(
  text: string,
  separators: string,
  visit: (piece: string) => boolean,
): boolean {
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!separators.includes(text[i])) continue;
    if (!visit(text.slice(from, i))) return false;
    from = i + 1;
  }
  return visit(text.slice(from));
}

/** `3, 5 and 7`. */
export function listed(items: readonly (string | number)[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** The whole numbers of a list as `listed` writes it, or with commas alone; null where the text is none. */
export function readListed(text: string): readonly number[] | null {
  if (!/^\d{1,4}(?:(?:, and | and |, ?)\d{1,4})*$/.test(text)) return null;
  return text.split(/\D+/).map(Number);
}
