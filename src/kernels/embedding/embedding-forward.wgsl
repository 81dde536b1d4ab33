// x[row] = table[ids[row]]: the embedding of each token. Four numbers per invocation. Exact.
// Bindings: 0 shape, 1 ids[rows], 2 table[vocabulary, width], 3 x[rows, width].

struct Shape { rows: u32, width4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> x: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.width4) { return; }
  x[id.y * shape.width4 + id.x] = table[ids[id.y] * shape.width4 + id.x];
}
