// Prepares one decode step: for each row, what its sequence feeds next. Exact.
// Bindings: 0 shape, 1 active[rows] (sequence of each row), 2 state[sequences] of (token, position, remaining, uid), 3 ids[rows],
// 4 positions[rows], 5 moves[rows] of (row, sequence, cache position).
// state.position is where the NEXT token goes, so the token to feed stands one before. A finished sequence gets a cache position
// past the end, which the cache and attention kernels drop.

struct Shape { rows: u32, capacity: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> ids: array<u32>;
@group(0) @binding(4) var<storage, read_write> positions: array<u32>;
@group(0) @binding(5) var<storage, read_write> moves: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  let sequence = active_rows[id.x];
  let s = state[sequence];
  let position = max(s.y, 1u) - 1u;
  ids[id.x] = s.x;
  positions[id.x] = min(position, shape.capacity - 1u);
  moves[3u * id.x] = id.x;
  moves[3u * id.x + 1u] = sequence;
  moves[3u * id.x + 2u] = select(position, shape.capacity, s.z == 0u);
}
