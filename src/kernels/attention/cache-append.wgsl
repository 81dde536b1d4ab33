// Copies the keys and values of each qkv row into its slot of the cache. Exact.
//   keys[slot], values[slot] <- the key and value part of qkv[row]
// Bindings: 0 shape, 1 places[rows] of (slot, shared_first, shared_count, own_first), of which only the slot is read here,
// 2 qkv[rows, (heads + 2 kv_heads) dim], 3 keys[slots, kv_heads dim], 4 values (as keys). Four numbers of a key and its value an invocation.
// A slot past the end is dropped: a finished sequence and a padding row write nothing.

struct Shape { rows: u32, heads_dim4: u32, kv_dim4: u32, slots: u32, width: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> places: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> keys: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> values: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.kv_dim4;
  let d = index % shape.kv_dim4;
  if (row >= shape.rows) { return; }
  let slot = places[row].x;
  if (slot >= shape.slots) { return; }
  let first = row * (shape.heads_dim4 + 2u * shape.kv_dim4) + shape.heads_dim4 + d;
  let to = slot * shape.kv_dim4 + d;
  keys[to] = qkv[first];
  values[to] = qkv[first + shape.kv_dim4];
}
