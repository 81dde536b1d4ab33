// Causal grouped-query attention as in attention-forward-scalar.wgsl, with the same bits, ${Q} neighbouring rows of one head per invocation.
// On software adapters a load costs as much as sixty multiplications, so each key and value is loaded once for all ${Q} rows.
// The rows walk the keys that any of them sees. A key that a row does not see adds exactly 0 to it. There are no branches: they would
// cost more than they save.

//% include forward.part.wgsl

const LOWEST = -1e30;

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
  // What is done once for a row goes through an array, in loops whose end is data, as in attention-backward-q-rows.wgsl.
  let vectors = ${Q}u * shape.dim4;
  var q: array<vec4f, ${Q * DIM4}>;
  for (var i = 0u; i < vectors; i++) {
    let mine = min(row + i / ${DIM4}u, shape.rows - 1u);
    q[i] = qkv[mine * stride + head * ${DIM4}u + i % ${DIM4}u] * shape.scale;
  }
  //% for r in 0..Q
  let row${r} = min(row + ${r}u, shape.rows - 1u);
  let span${r} = spans[row${r}];
  //% for d in 0..DIM4
  let q${r}_${d} = q[${r * DIM4 + d}];
  var o${r}_${d} = vec4f();
  //% end
  var top${r} = LOWEST;
  var sum${r} = 0.0;
  //% end
  // Segments follow one another, so what the first row sees comes first; between a shared prompt and its segment nobody sees anything.
  for (var j = span0.z; j <= row${Q - 1}; j = next_key(span0, j)) {
    //% for r in 0..Q
    var dots${r} = vec4f();
    //% end
    //% for d in 0..DIM4
    let k${d} = qkv[j * stride + key_at + ${d}u];
    let v${d} = qkv[j * stride + value_at + ${d}u];
    //% for r in 0..Q
    dots${r} += q${r}_${d} * k${d};
    //% end
    //% end
    //% for r in 0..Q
    {
      let seen = sees(span${r}, row${r}, j);
      let score = select(LOWEST, dots${r}.x + dots${r}.y + dots${r}.z + dots${r}.w, seen);
      let next = max(top${r}, score);
      let shrink = exp(top${r} - next);
      let p = select(0.0, exp(score - next), seen);
      top${r} = next;
      sum${r} = sum${r} * shrink + p;
      //% for d in 0..DIM4
      o${r}_${d} = o${r}_${d} * shrink + p * v${d};
      //% end
    }
    //% end
  }
  //% for r in 0..Q
  if (row + ${r}u < shape.rows) { lse[row${r} * shape.heads + head] = top${r} + log(sum${r}); }
  //% for d in 0..DIM4
  q[${r * DIM4 + d}] = o${r}_${d} / sum${r};
  //% end
  //% end
  for (var i = 0u; i < vectors; i++) {
    let mine = row + i / ${DIM4}u;
    if (mine < shape.rows) { o[(mine * shape.heads + head) * ${DIM4}u + i % ${DIM4}u] = q[i]; }
  }
}
