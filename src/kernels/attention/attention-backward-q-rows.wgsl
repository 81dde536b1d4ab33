// Gradient of attention for the queries as in attention-backward-q-scalar.wgsl, with the same bits, ${Q} neighbouring rows of one head
// per invocation, as in attention-forward-rows.wgsl.

//% include backward-q.part.wgsl

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.heads * ${Q}u;
  let head = index % shape.heads;
  if (row >= shape.rows) { return; }
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let key_at = (shape.heads + kv_head) * ${DIM4}u;
  let value_at = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  // What is done once for a row goes through arrays, in loops whose end is data: unrolled, it would be most of what has to be compiled. The products
  // with o are not: a driver that contracts a sum does so in another way where it stands in a loop.
  let vectors = ${Q}u * shape.dim4;
  var q: array<vec4f, ${Q * DIM4}>;
  var g: array<vec4f, ${Q * DIM4}>;
  for (var i = 0u; i < vectors; i++) {
    let mine = min(row + i / ${DIM4}u, shape.rows - 1u);
    q[i] = qkv[mine * stride + head * ${DIM4}u + i % ${DIM4}u] * shape.scale;
    g[i] = d_o[(mine * shape.heads + head) * ${DIM4}u + i % ${DIM4}u];
  }
  //% for r in 0..Q
  let row${r} = min(row + ${r}u, shape.rows - 1u);
  let span${r} = spans[row${r}];
  let at${r} = row${r} * shape.heads + head;
  let log_sum${r} = lse[at${r}];
  var products${r} = vec4f();
  //% for d in 0..DIM4
  let q${r}_${d} = q[${r * DIM4 + d}];
  let g${r}_${d} = g[${r * DIM4 + d}];
  var dq${r}_${d} = vec4f();
  products${r} += g${r}_${d} * o[at${r} * ${DIM4}u + ${d}u];
  //% end
  let own${r} = products${r}.x + products${r}.y + products${r}.z + products${r}.w;
  //% end
  for (var j = span0.z; j <= row${Q - 1}; j = next_key(span0, j)) {
    //% for r in 0..Q
    var scores${r} = vec4f();
    var pulls${r} = vec4f();
    //% end
    //% for d in 0..DIM4
    let k${d} = qkv[j * stride + key_at + ${d}u];
    let v${d} = qkv[j * stride + value_at + ${d}u];
    //% for r in 0..Q
    scores${r} += q${r}_${d} * k${d};
    pulls${r} += g${r}_${d} * v${d};
    //% end
    //% end
    //% for r in 0..Q
    {
      let score = scores${r}.x + scores${r}.y + scores${r}.z + scores${r}.w;
      let p = select(0.0, exp(min(score - log_sum${r}, 0.0)), sees(span${r}, row${r}, j));
      let ds = p * (pulls${r}.x + pulls${r}.y + pulls${r}.z + pulls${r}.w - own${r});
      //% for d in 0..DIM4
      dq${r}_${d} += ds * k${d};
      //% end
    }
    //% end
  }
  //% for r in 0..Q
  if (row + ${r}u < shape.rows) { delta[at${r}] = own${r}; }
  //% for d in 0..DIM4
  q[${r * DIM4 + d}] = dq${r}_${d};
  //% end
  //% end
  for (var i = 0u; i < vectors; i++) {
    let mine = row + i / ${DIM4}u;
    if (mine < shape.rows) {
      dqkv[mine * stride + head * ${DIM4}u + i % ${DIM4}u] = q[i] * shape.scale;
    }
  }
}
