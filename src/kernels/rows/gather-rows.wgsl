// y[i] = x[index[i]], or zeros where index[i] is NONE: picks rows, or puts picked rows back among zeros. Exact.
// Bindings: 0 shape, 1 index[rows], 2 x[., width], 3 y[rows, width]. One ${T} per invocation, columns of them a row.

struct Shape { rows: u32, columns: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> index: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<${T}>;
@group(0) @binding(3) var<storage, read_write> y: array<${T}>;

const NONE = 0xffffffffu;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.columns) { return; }
  let source = index[id.y];
  var value = ${T}();
  if (source != NONE) { value = x[source * shape.columns + id.x]; }
  y[id.y * shape.columns + id.x] = value;
}
