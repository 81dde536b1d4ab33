// Copies the keys and values of one qkv row into the cache of a sequence. Exact.
//   keys[seq, position], values[seq, position] <- the key and value part of qkv[source]
// Bindings: 0 shape, 1 moves[rows] of (qkv row, sequence, position), as three words each, 2 qkv[., (heads + 2 kv_heads) dim],
// 3 keys[sequences, capacity, kv_heads dim], 4 values (as keys). Four numbers of a key and its value an invocation.
// A position at or past the capacity is dropped: a finished sequence writes nothing.

struct Shape { rows: u32, heads_dim4: u32, kv_dim4: u32, capacity: u32, width: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> moves: array<u32>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> keys: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> values: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.kv_dim4;
  let d = index % shape.kv_dim4;
  if (row >= shape.rows) { return; }
  let source = moves[3u * row];
  let sequence = moves[3u * row + 1u];
  let position = moves[3u * row + 2u];
  if (position >= shape.capacity) { return; }
  let first = source * (shape.heads_dim4 + 2u * shape.kv_dim4) + shape.heads_dim4 + d;
  let to = (sequence * shape.capacity + position) * shape.kv_dim4 + d;
  keys[to] = qkv[first];
  values[to] = qkv[first + shape.kv_dim4];
}
