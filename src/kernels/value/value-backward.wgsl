// Gradients of the value head from c = dLoss/dvalue of each row.
// PART trunk: d_hidden[row] = c[row] w, or += where it is added to. Indexed by row and column, four columns per invocation.
// PART head: sums down the rows, in blocks and in order: planes[b, column] = sum of c[row] h[row, column], and of c[row] alone in the
// column of the bias, followed by zeros. add-planes adds the blocks, without atomics. Four columns per invocation.
// Bindings, trunk: 0 shape, 1 c[rows], 2 head[width + 4], 3 d_hidden[rows, width].
// Bindings, head: 0 shape, 1 c[rows], 2 h[rows, width], 3 planes[blocks, width + 4]. Error: about 1e-6 of sum |c h|.

struct Shape { rows: u32, width4: u32, block: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> coefficients: array<f32>;
//% if TRUNK
@group(0) @binding(2) var<storage, read> head: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> d_hidden: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows || id.x >= shape.width4) { return; }
//% if ACCUMULATE
  d_hidden[id.y * shape.width4 + id.x] += coefficients[id.y] * head[id.x];
//% else
  d_hidden[id.y * shape.width4 + id.x] = coefficients[id.y] * head[id.x];
//% end
}
//% else
@group(0) @binding(2) var<storage, read> hidden: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> planes: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > shape.width4) { return; }
  let last = min((id.y + 1u) * shape.block, shape.rows);
  var sum = vec4f();
  for (var row = id.y * shape.block; row < last; row++) {
    var h = vec4f(1.0, 0.0, 0.0, 0.0);
    if (id.x < shape.width4) { h = hidden[row * shape.width4 + id.x]; }
    sum += coefficients[row] * h;
  }
  planes[id.y * (shape.width4 + 1u) + id.x] = sum;
}
//% end
