// y = x^T. Exact.
// Bindings: 0 shape, 1 x[rows, columns], 2 y[columns, rows]. A block of 4 x 4 numbers per invocation.

struct Shape { rows4: u32, columns4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.y >= shape.rows4 || id.x >= shape.columns4) { return; }
  let first = 4u * id.y * shape.columns4 + id.x;
  let place = 4u * id.x * shape.rows4 + id.y;
  let x0 = x[first];
  let x1 = x[first + shape.columns4];
  let x2 = x[first + 2u * shape.columns4];
  let x3 = x[first + 3u * shape.columns4];
  //% for c in 0..4
  y[place + ${c}u * shape.rows4] = vec4f(x0[${c}], x1[${c}], x2[${c}], x3[${c}]);
  //% end
}
