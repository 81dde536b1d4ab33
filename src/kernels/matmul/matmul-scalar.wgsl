// C[m, n] = op(A) op(B), f32, one R x C block of C per invocation in groups of T x T, no workgroup memory.
//
// FORM 0 (NT): A[m, k], B[n, k]   forward,          y  = x W^T
// FORM 1 (NN): A[m, k], B[k, n]   input gradient,   dx = dy W
// FORM 2 (TN): A[k, m], B[k, n]   weight gradient,  dW = dy^T x
//
// Bindings: 0 shape, 1 A, 2 B, 3 C, then bias[n] if BIAS, residual[m, n] if RESIDUAL.
// n is a multiple of 4; so is k in NT and NN, and m in TN. With slices (TN only) invocation z sums over k in
// [z k_slice, (z+1) k_slice) into its own [m, n] plane of C.
// Every output adds its products in the order of k, whatever m is: a row does not depend on the batch around it. With DOT (NT only) four
// at a time, otherwise one at a time, as matmul-lanes.wgsl does.
// Error: at most k 2^-24 sum |a b|.

//% include product.part.wgsl

//% if FORM < 2
//% include run.part.wgsl

//% end
@compute @workgroup_size(${T}, ${T})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * ${R}u;
  let col = id.x * ${C}u;
  if (row >= shape.m || col >= shape.n) { return; }
  let n4 = shape.n / 4u;
  // Past the end of C the last column or row is computed again, and not stored.
  //% for v in 0..C / 4
  let column${v} = min(col / 4u + ${v}u, n4 - 1u);
  //% end
  // sum R_V: row R of the block at its V-th four columns.
  //% for r in 0..R
  //% for v in 0..C / 4
  var sum${r}_${v} = vec4f();
  //% end
  //% end
  //% if FORM < 2
  let k4 = shape.k / 4u;
  //% for r in 0..R
  let a_at${r} = min(row + ${r}u, shape.m - 1u) * k4;
  //% end
  //% if FORM == 0
  //% for j in 0..C
  let b_at${j} = min(col + ${j}u, shape.n - 1u) * k4;
  //% end
  //% end
  for (var i = 0u; i < k4; i++) {
    //% if FORM == 0
    //% for j in 0..C
    let y${j} = b[b_at${j} + i];
    //% end
    //% else
    //% for j in 0..4
    //% for v in 0..C / 4
    let y${4 * v + j} = b[(4u * i + ${j}u) * n4 + column${v}];
    //% end
    //% end
    //% end
    //% for r in 0..R
    {
      let x = a[a_at${r} + i];
      //% for v in 0..C / 4
      sum${r}_${v} = add_run(sum${r}_${v}, x, y${4 * v}, y${4 * v + 1}, y${4 * v + 2}, y${4 * v + 3});
      //% end
    }
    //% end
  }
  //% else
  // A vector of A holds four rows.
  let m4 = shape.m / 4u;
  //% for p in 0..R / 4
  let rows${p} = min(row / 4u + ${p}u, m4 - 1u);
  //% end
  let last = min((id.z + 1u) * shape.k_slice, shape.k);
  for (var i = id.z * shape.k_slice; i < last; i++) {
    //% for v in 0..C / 4
    let y${v} = b[i * n4 + column${v}];
    //% end
    //% for p in 0..R / 4
    {
      let x = a[i * m4 + rows${p}];
      //% for v in 0..C / 4
      //% for t in 0..4
      sum${4 * p + t}_${v} += x[${t}] * y${v};
      //% end
      //% end
    }
    //% end
  }
  //% end
  let plane = id.z * shape.m * n4;
  //% for r in 0..R
  if (row + ${r}u < shape.m) {
    //% for v in 0..C / 4
    if (col / 4u + ${v}u < n4) { store(plane + (row + ${r}u) * n4 + column${v}, column${v}, sum${r}_${v}); }
    //% end
  }
  //% end
}
