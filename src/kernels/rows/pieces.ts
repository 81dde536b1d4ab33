/** How rows are moved: in vectors of four numbers, or number by number where the width is no multiple of four. */
export type RowPiece = 'vec4f' | 'f32';

/** What one invocation moves of a row, and how many of them a row has. */
export function piecesOf(width: number): { readonly piece: RowPiece; readonly columns: number } {
  return width % 4 === 0
    ? { piece: 'vec4f', columns: width / 4 }
    : { piece: 'f32', columns: width };
}
