// Sums down the rows, in blocks: planes[b, c] = sum over the rows of block b, in order, of
//   g[row, c] x[row, c] r[row]   with NORM (the gradient of an RMSNorm's gain)
//   g[row, c]                    without (the gradient of a bias)
// The blocks are added afterwards by add-planes, without atomics. Four columns per invocation.
// Bindings: 0 shape, 1 g[rows, width], 2 planes[blocks, width], then with NORM 3 x[rows, width], 4 r[rows].

struct Shape { rows: u32, width4: u32, block: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> g: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> planes: array<vec4f>;
//% if NORM
@group(0) @binding(3) var<storage, read> x: array<vec4f>;
@group(0) @binding(4) var<storage, read> r: array<f32>;
//% end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.width4) { return; }
  let last = min((id.y + 1u) * shape.block, shape.rows);
  var sum = vec4f();
  for (var row = id.y * shape.block; row < last; row++) {
    //% if NORM
    sum += g[row * shape.width4 + id.x] * x[row * shape.width4 + id.x] * r[row];
    //% else
    sum += g[row * shape.width4 + id.x];
    //% end
  }
  planes[id.y * shape.width4 + id.x] = sum;
}
