enable subgroups;
// C[m, n] = op(A) op(B), f32, one R x C block of C per invocation, for software adapters: a load costs them as much as sixty
// multiplications, an exchange between neighbours almost nothing. Four neighbours along n (a quad) need the same part of A, so each
// loads a quarter of it and they pass it round: lane q holds part q, gets part q ^ 1 by the swap along x, q ^ 2 by the one along y,
// q ^ 3 by both. A block's rows therefore stand in another order in each lane, which only the store has to know.
// Forms, bindings, the order of sums and so the bits are those of matmul-scalar.wgsl. R is a multiple of 16.

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

@compute @workgroup_size(4, ${64 / R})
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let row = id.y * ${R}u;
  let col = id.x * ${C}u;
  let n4 = shape.n / 4u;
  let me = lane % 4u;
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
  //% for p in 0..R / 4
  let a_row${p} = min(row + ${4 * p}u + me, shape.m - 1u) * k4;
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
    //% for p in 0..R / 4
    {
      let x0 = a[a_row${p} + i];
      let x1 = quadSwapX(x0);
      let x2 = quadSwapY(x0);
      let x3 = quadSwapY(x1);
      //% for r in 0..4
      //% for q in 0..C / 4
      acc${4 * p + r}_${q} += vec4f(dot(x${r}, b${4 * q}), dot(x${r}, b${4 * q + 1}), dot(x${r}, b${4 * q + 2}), dot(x${r}, b${4 * q + 3}));
      //% end
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
    //% for p in 0..R / 4
    {
      let x0 = a[a_row${p} + i];
      let x1 = quadSwapX(x0);
      let x2 = quadSwapY(x0);
      let x3 = quadSwapY(x1);
      //% for r in 0..4
      //% for q in 0..C / 4
      acc${4 * p + r}_${q} += x${r}.x * b0_${q};
      acc${4 * p + r}_${q} += x${r}.y * b1_${q};
      acc${4 * p + r}_${q} += x${r}.z * b2_${q};
      acc${4 * p + r}_${q} += x${r}.w * b3_${q};
      //% end
      //% end
    }
    //% end
  }
  //% end
  //% if FORM == 2
  let m4 = shape.m / 4u;
  //% for p in 0..R / 16
  let row${p} = min(row / 4u + ${4 * p}u + me, m4 - 1u);
  //% end
  let last = min((group.z + 1u) * shape.k_slice, shape.k);
  for (var i = group.z * shape.k_slice; i < last; i++) {
    //% for q in 0..C / 4
    let b${q} = b[i * n4 + col${q}];
    //% end
    //% for p in 0..R / 16
    {
      let x0 = a[i * m4 + row${p}];
      let x1 = quadSwapX(x0);
      let x2 = quadSwapY(x0);
      let x3 = quadSwapY(x1);
      //% for s in 0..4
      //% for q in 0..C / 4
      acc${16 * p + 4 * s}_${q} += x${s}.x * b${q};
      acc${16 * p + 4 * s + 1}_${q} += x${s}.y * b${q};
      acc${16 * p + 4 * s + 2}_${q} += x${s}.z * b${q};
      acc${16 * p + 4 * s + 3}_${q} += x${s}.w * b${q};
      //% end
      //% end
    }
    //% end
  }
  //% end
  let plane = group.z * shape.m * n4;
  //% for p in 0..R / 4
  //% for r in 0..4
  {
    //% if FORM < 2
    let to = row + ${4 * p}u + (me ^ ${r}u);
    //% else
    let to = row + ${16 * (p / 4)}u + 4u * (me ^ ${p % 4}u) + ${r}u;
    //% end
    //% for q in 0..C / 4
    if (to < shape.m && col / 4u + ${q}u < n4) {
      let at = plane + to * n4 + col${q};
      var value = acc${4 * p + r}_${q};
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
  //% end
}
