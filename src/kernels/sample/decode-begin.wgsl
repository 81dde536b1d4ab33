// Prepares one decode step: for each row, the token that its sequence feeds next, and the slot where that goes. Exact.
// Bindings: 0 shape, 1 active[rows] (sequence of each row), 2 state[sequences] of (token, position, remaining, uid), 3 runs[sequences] of
// (first slot of its prompt, tokens of that, first slot of its own, 0), 4 ids[rows], 5 positions[rows], 6 places[rows] of (slot, then
// the run's three words).
// state.position is where the NEXT token goes, so the token to feed stands one before it. A finished sequence gets a slot past the
// end, which the cache and attention kernels ignore.

struct Shape { rows: u32, positions: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> active_rows: array<u32>;
@group(0) @binding(2) var<storage, read> state: array<vec4u>;
@group(0) @binding(3) var<storage, read> runs: array<vec4u>;
@group(0) @binding(4) var<storage, read_write> ids: array<u32>;
@group(0) @binding(5) var<storage, read_write> positions: array<u32>;
@group(0) @binding(6) var<storage, read_write> places: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  let sequence = active_rows[id.x];
  let s = state[sequence];
  let run = runs[sequence];
  let position = max(s.y, 1u) - 1u;
  ids[id.x] = s.x;
  positions[id.x] = min(position, shape.positions - 1u);
  places[id.x] = vec4u(select(run.z + position - run.y, ${NO_SLOT}u, s.z == 0u), run.xyz);
}
