// What every product has: its shape, its bindings, and what becomes of a finished sum. With OPEN the shape says whether there is a residual.
struct Shape { m: u32, n: u32, k: u32, k_slice: u32, has_residual: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;
//% if BIAS
@group(0) @binding(4) var<storage, read> bias: array<vec4f>;
//% end
//% if RESIDUAL
@group(0) @binding(${4 + BIAS}) var<storage, read> residual: array<vec4f>;
//% end

// Stores the sums of four neighbouring columns of C: at vector `column` of a row, which is vector `at` of C.
fn store(at: u32, column: u32, sums: vec4f) {
  var value = sums;
  //% if BIAS
  value += bias[column];
  //% end
  //% if RESIDUAL
  //% if OPEN
  if (shape.has_residual != 0u) { value += residual[at]; }
  //% else
  value += residual[at];
  //% end
  //% end
  //% if ACCUMULATE
  value += c[at];
  //% end
  c[at] = value;
}
