/** Two answers to one question, token by token: what went, what came, what stayed. Pure. */

/** A token, and whether both answers have it (`same`), only the earlier one (`gone`) or only the later one (`new`). */
export interface Compared {
  readonly piece: string;
  readonly kind: 'same' | 'gone' | 'new';
}

export interface TokenDiff {
  readonly before: readonly Compared[];
  readonly after: readonly Compared[];
  readonly changed: number;
}

/** Beyond this many tokens the rest is not compared, and counts as new or gone: the table below grows with the square. */
export const MOST_COMPARED = 800;

/** Keeps the longest common subsequence and marks all else. */
export function tokenDiff(before: readonly string[], after: readonly string[]): TokenDiff {
  const [rows, columns] = [before, after].map((one) => Math.min(one.length, MOST_COMPARED));
  // common[i][j]: the longest common subsequence of what follows place i and place j.
  const common = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      common[i][j] =
        before[i] === after[j]
          ? common[i + 1][j + 1] + 1
          : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const stays = { before: new Set<number>(), after: new Set<number>() };
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (before[i] === after[j]) {
      stays.before.add(i++);
      stays.after.add(j++);
    } else if (common[i + 1][j] >= common[i][j + 1]) i += 1;
    else j += 1;
  }
  const marked = (pieces: readonly string[], same: ReadonlySet<number>, kind: 'gone' | 'new') =>
    pieces.map((piece, i): Compared => ({ piece, kind: same.has(i) ? 'same' : kind }));
  return {
    before: marked(before, stays.before, 'gone'),
    after: marked(after, stays.after, 'new'),
    changed: before.length + after.length - stays.before.size - stays.after.size,
  };
}

/** Neighbouring tokens of one kind. */
export interface Stretch {
  readonly kind: Compared['kind'];
  readonly pieces: readonly string[];
}

export function stretches(tokens: readonly Compared[]): readonly Stretch[] {
  const out: Stretch[] = [];
  for (const { kind, piece } of tokens) {
    const last = out.at(-1);
    if (last?.kind === kind) out[out.length - 1] = { kind, pieces: [...last.pieces, piece] };
    else out.push({ kind, pieces: [piece] });
  }
  return out;
}
