// y[places[i].slot] = x[i], for every row that has a slot: keeps rows where the slots of a cache say. Exact.
// Bindings: 0 shape, 1 places[rows] of (slot, three words that others read), 2 x[rows, width], 3 y[slots, width]. One ${T} per invocation,
// columns of them a row. A row whose slot lies past the end is left out.

struct Shape { rows: u32, columns: u32, slots: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> places: array<vec4u>;
@group(0) @binding(2) var<storage, read> x: array<${T}>;
@group(0) @binding(3) var<storage, read_write> y: array<${T}>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.columns) { return; }
  let slot = places[id.y].x;
  if (slot >= shape.slots) { return; }
  y[slot * shape.columns + id.x] = x[id.y * shape.columns + id.x];
}
