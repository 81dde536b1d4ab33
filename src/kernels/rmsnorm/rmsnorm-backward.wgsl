// Gradient of RMSNorm for its input, one row per invocation:
//   dx (+)= r (g w) - x r^3 / width * sum(g w x)
// With ACCUMULATE the result is added to dx, which then is the residual stream's gradient.
// A turn of a loop takes U vectors, and a row has a multiple of U.
// Bindings: 0 shape, 1 g[rows, width], 2 x[rows, width], 3 w[width], 4 r[rows], 5 dx[rows, width].

struct Shape { rows: u32, width4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> g: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> w: array<vec4f>;
@group(0) @binding(4) var<storage, read> r: array<f32>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= shape.rows) { return; }
  let at = id.x * shape.width4;
  var sum = vec4f();
  for (var i = 0u; i < shape.width4; i += ${U}u) {
    //% for u in 0..U
    sum += g[at + i + ${u}u] * w[i + ${u}u] * x[at + i + ${u}u];
    //% end
  }
  let scale = r[id.x];
  let pull = (sum.x + sum.y + sum.z + sum.w) * scale * scale * scale / f32(4u * shape.width4);
  for (var i = 0u; i < shape.width4; i += ${U}u) {
    //% for u in 0..U
    {
      let v = at + i + ${u}u;
      var value = scale * g[v] * w[i + ${u}u] - x[v] * pull;
      //% if ACCUMULATE
      value += dx[v];
      //% end
      dx[v] = value;
    }
    //% end
  }
}
