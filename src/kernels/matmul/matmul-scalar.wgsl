// C[m, n] = op(A) op(B), f32, one R x C block of C per invocation, no workgroup memory.
//
// FORM 0 (NT): A[m, k], B[n, k]   forward,          y  = x W^T
// FORM 1 (NN): A[m, k], B[k, n]   input gradient,   dx = dy W
// FORM 2 (TN): A[k, m], B[k, n]   weight gradient,  dW = dy^T x
//
// Bindings: 0 shape, 1 A, 2 B, 3 C, then bias[n] if BIAS, residual[m, n] if RESIDUAL.
// n is a multiple of 4; k too for NT and NN; m too for TN. With slices (TN only) invocation z sums k in
// [z k_slice, (z+1) k_slice) into its own [m, n] plane of C.
// Every output adds its products in the order of k, whatever m is: a row does not depend on the batch around it.
// Error: at most k 2^-24 sum |a b|.

struct Shape { m: u32, n: u32, k: u32, k_slice: u32 }
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

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * ${R}u;
  let col = id.x * ${C}u;
  if (row >= shape.m || col >= shape.n) { return; }
  let n4 = shape.n / 4u;
  //% for q in 0..C / 4
  let col${q} = min(col / 4u + ${q}u, n4 - 1u);
  //% end
  //% for r in 0..R
  //% for q in 0..C / 4
  var acc${r}_${q} = vec4f();
  //% end
  //% end
  //% if FORM < 2
  let k4 = shape.k / 4u;
  //% for r in 0..R
  let a_row${r} = min(row + ${r}u, shape.m - 1u) * k4;
  //% end
  //% end
  //% if FORM == 0
  //% for j in 0..C
  let b_row${j} = min(col + ${j}u, shape.n - 1u) * k4;
  //% end
  for (var i = 0u; i < k4; i++) {
    //% for j in 0..C
    let b${j} = b[b_row${j} + i];
    //% end
    //% for r in 0..R
    {
      let x = a[a_row${r} + i];
      //% for q in 0..C / 4
      acc${r}_${q} += vec4f(dot(x, b${4 * q}), dot(x, b${4 * q + 1}), dot(x, b${4 * q + 2}), dot(x, b${4 * q + 3}));
      //% end
    }
    //% end
  }
  //% end
  //% if FORM == 1
  for (var i = 0u; i < k4; i++) {
    //% for j in 0..4
    //% for q in 0..C / 4
    let b${j}_${q} = b[(4u * i + ${j}u) * n4 + col${q}];
    //% end
    //% end
    //% for r in 0..R
    {
      let x = a[a_row${r} + i];
      //% for q in 0..C / 4
      acc${r}_${q} += x.x * b0_${q};
      acc${r}_${q} += x.y * b1_${q};
      acc${r}_${q} += x.z * b2_${q};
      acc${r}_${q} += x.w * b3_${q};
      //% end
    }
    //% end
  }
  //% end
  //% if FORM == 2
  let m4 = shape.m / 4u;
  //% for p in 0..R / 4
  let row${p} = min(row / 4u + ${p}u, m4 - 1u);
  //% end
  let last = min((id.z + 1u) * shape.k_slice, shape.k);
  for (var i = id.z * shape.k_slice; i < last; i++) {
    //% for q in 0..C / 4
    let b${q} = b[i * n4 + col${q}];
    //% end
    //% for p in 0..R / 4
    {
      let x = a[i * m4 + row${p}];
      //% for q in 0..C / 4
      acc${4 * p}_${q} += x.x * b${q};
      acc${4 * p + 1}_${q} += x.y * b${q};
      acc${4 * p + 2}_${q} += x.z * b${q};
      acc${4 * p + 3}_${q} += x.w * b${q};
      //% end
    }
    //% end
  }
  //% end
  let plane = id.z * shape.m * n4;
  //% for r in 0..R
  if (row + ${r}u < shape.m) {
    //% for q in 0..C / 4
    if (col / 4u + ${q}u < n4) {
      let at = plane + (row + ${r}u) * n4 + col${q};
      var value = acc${r}_${q};
      //% if BIAS
      value += bias[col${q}];
      //% end
      //% if RESIDUAL
      value += residual[at];
      //% end
      //% if ACCUMULATE
      value += c[at];
      //% end
      c[at] = value;
    }
    //% end
  }
  //% end
}
