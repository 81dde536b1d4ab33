// dtable[id] += sum over the rows whose token is id, in row order, of dx[row]: no atomics, so the same bits every time.
// The CPU lists the rows by token: used[u] is a token id, its rows are order[offsets[u] .. offsets[u + 1]].
// Bindings: 0 shape, 1 lists (used[capacity], then offsets[capacity + 1], then order[rows]; count of used tokens at the end),
// 2 dx[rows, width], 3 dtable[vocabulary, width]. Four columns per invocation. Error: n 2^-24 sum |dx| for n rows of a token.

struct Shape { capacity: u32, width4: u32, rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> lists: array<u32>;
@group(0) @binding(2) var<storage, read> dx: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dtable: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let u = index / shape.width4;
  let column = index % shape.width4;
  let order = 2u * shape.capacity + 1u;
  if (u >= shape.capacity || u >= lists[order + shape.rows]) { return; }
  let to = lists[u] * shape.width4 + column;
  var sum = dtable[to];
  for (var i = lists[shape.capacity + u]; i < lists[shape.capacity + u + 1u]; i++) {
    sum += dx[lists[order + i] * shape.width4 + column];
  }
  dtable[to] = sum;
}
