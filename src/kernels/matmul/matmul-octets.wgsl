enable subgroups;
// C[m, n] = op(A) op(B), f32, for software adapters with subgroups of eight or more (lavapipe): matmul-quads.wgsl for two quads, one
// above the other. Both need the same part of B, so each loads half of it and gets the other half from the lane four away; TN does
// two k at a time for that. A workgroup of eight computes 2R x 4C of C.
// Forms, bindings, the order of sums and so the bits are those of matmul-scalar.wgsl. R is a multiple of 4, in TN it is 16.
//
// PACKED: A and B stand in panels (matmul-pack.wgsl), so that what one step of k needs lies together. In rows that are thousands of
// numbers long it would be spread over as many cache lines of one set and pages as there are rows.

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

@compute @workgroup_size(4, 2)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let row = id.y * ${R}u;
  let col = id.x * ${C}u;
  let n4 = shape.n / 4u;
  let me = lane % 4u;
  let half = lane / 4u % 2u;
  let lower = half == 1u;
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
  //% if PACKED
  let a${p} = group.y * k4 * ${2 * R}u + half * ${R}u + ${4 * p}u + me;
  //% else
  let a${p} = min(row + ${4 * p}u + me, shape.m - 1u) * k4;
  //% end
  //% end
  let a_step = ${1 + PACKED * (2 * R - 1)}u;
  //% end
  //% if FORM == 0
  //% for j in 0..C / 2
  //% if PACKED
  let b${j} = group.x * k4 * ${4 * C}u + me * ${C}u + half * ${C / 2}u + ${j}u;
  //% else
  let b${j} = min(col + half * ${C / 2}u + ${j}u, shape.n - 1u) * k4;
  //% end
  //% end
  let b_step = ${1 + PACKED * (4 * C - 1)}u;
  for (var i = 0u; i < k4; i++) {
    //% for j in 0..C / 2
    let mine${j} = b[b${j} + i * b_step];
    let other${j} = subgroupShuffleXor(mine${j}, 4u);
    let y${j} = select(mine${j}, other${j}, lower);
    let y${j + C / 2} = select(other${j}, mine${j}, lower);
    //% end
    //% for p in 0..R / 4
    {
      let x0 = a[a${p} + i * a_step];
      let x1 = quadSwapX(x0);
      let x2 = quadSwapY(x0);
      let x3 = quadSwapY(x1);
      //% for r in 0..4
      //% for q in 0..C / 4
      acc${4 * p + r}_${q} += vec4f(dot(x${r}, y${4 * q}), dot(x${r}, y${4 * q + 1}), dot(x${r}, y${4 * q + 2}), dot(x${r}, y${4 * q + 3}));
      //% end
      //% end
    }
    //% end
  }
  //% else
  //% for q in 0..C / 4
  //% if PACKED
  let b${q} = group.x * shape.k * ${C}u + me * ${C / 4}u + ${q}u;
  //% else
  let b${q} = col${q};
  //% end
  //% end
  //% if PACKED
  let b_step = ${C}u;
  //% else
  let b_step = n4;
  //% end
  //% end
  //% if FORM == 1
  for (var i = 0u; i < k4; i++) {
    //% for j in 0..2
    //% for q in 0..C / 4
    let mine${j}_${q} = b[b${q} + (4u * i + 2u * half + ${j}u) * b_step];
    let other${j}_${q} = subgroupShuffleXor(mine${j}_${q}, 4u);
    let y${j}_${q} = select(mine${j}_${q}, other${j}_${q}, lower);
    let y${j + 2}_${q} = select(other${j}_${q}, mine${j}_${q}, lower);
    //% end
    //% end
    //% for p in 0..R / 4
    {
      let x0 = a[a${p} + i * a_step];
      let x1 = quadSwapX(x0);
      let x2 = quadSwapY(x0);
      let x3 = quadSwapY(x1);
      //% for r in 0..4
      //% for q in 0..C / 4
      acc${4 * p + r}_${q} += x${r}.x * y0_${q};
      acc${4 * p + r}_${q} += x${r}.y * y1_${q};
      acc${4 * p + r}_${q} += x${r}.z * y2_${q};
      acc${4 * p + r}_${q} += x${r}.w * y3_${q};
      //% end
      //% end
    }
    //% end
  }
  //% end
  //% if FORM == 2
  //% if PACKED
  let a0 = group.y * shape.k * ${R / 2}u + lane % 8u;
  let a_step = ${R / 2}u;
  //% else
  let a_step = shape.m / 4u;
  let a0 = min(row / 4u + me, a_step - 1u);
  //% end
  let last = min((group.z + 1u) * shape.k_slice, shape.k);
  for (var i = group.z * shape.k_slice; i < last; i += 2u) {
    // Where k is odd the last step adds zeros to the sums. They begin at 0, so none is -0, and no bit changes.
    let even = i + 1u < last;
    let next = min(i + 1u, last - 1u);
    //% for q in 0..C / 4
    let loaded${q} = b[b${q} + select(i, next, lower) * b_step];
    let mine${q} = select(vec4f(), loaded${q}, even || !lower);
    let other${q} = subgroupShuffleXor(mine${q}, 4u);
    let y0_${q} = select(mine${q}, other${q}, lower);
    let y1_${q} = select(other${q}, mine${q}, lower);
    //% end
    let x0_0 = a[a0 + i * a_step];
    let x1_0 = select(vec4f(), a[a0 + next * a_step], even);
    //% for j in 0..2
    let x${j}_1 = quadSwapX(x${j}_0);
    let x${j}_2 = quadSwapY(x${j}_0);
    let x${j}_3 = quadSwapY(x${j}_1);
    //% end
    //% for s in 0..4
    //% for q in 0..C / 4
    acc${4 * s}_${q} = acc${4 * s}_${q} + x0_${s}.x * y0_${q} + x1_${s}.x * y1_${q};
    acc${4 * s + 1}_${q} = acc${4 * s + 1}_${q} + x0_${s}.y * y0_${q} + x1_${s}.y * y1_${q};
    acc${4 * s + 2}_${q} = acc${4 * s + 2}_${q} + x0_${s}.z * y0_${q} + x1_${s}.z * y1_${q};
    acc${4 * s + 3}_${q} = acc${4 * s + 3}_${q} + x0_${s}.w * y0_${q} + x1_${s}.w * y1_${q};
    //% end
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
    let to = row + 4u * (me ^ ${p}u) + ${r}u;
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
