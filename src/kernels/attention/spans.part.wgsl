// spans[rows], of each token: x the first row of its own segment, y the end of the rows that see it, and z to w the rows of a prompt that
// its segment shares with others and that it sees first. Where nothing is shared, z = w = x. All four grow with the row, y excepted.

/** Whether a row sees a key. */
fn sees(span: vec4u, row: u32, key: u32) -> bool {
  return key <= row && (key >= span.x || (key >= span.z && key < span.w));
}

/** The key after this one, in the order in which a row with this span sees them. */
fn next_key(span: vec4u, key: u32) -> u32 {
  return select(key + 1u, span.x, key + 1u == span.w);
}
