// Gradient of attention for keys and values as in attention-backward-kv-scalar.wgsl, with the same bits, ${Q} neighbouring keys of one key
// head per invocation: the queries that see any of them are loaded once for all, as in attention-forward-rows.wgsl.

//% include backward-kv.part.wgsl

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.kv_heads * ${Q}u;
  let kv_head = index % shape.kv_heads;
  if (row >= shape.rows) { return; }
  let group = shape.heads / shape.kv_heads;
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let key_at = (shape.heads + kv_head) * ${DIM4}u;
  let value_at = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  // What is done once for a key goes through arrays, in loops whose end is data, as in attention-backward-q-rows.wgsl.
  let vectors = ${Q}u * shape.dim4;
  var k: array<vec4f, ${Q * DIM4}>;
  var v: array<vec4f, ${Q * DIM4}>;
  for (var i = 0u; i < vectors; i++) {
    let at = min(row + i / ${DIM4}u, shape.rows - 1u) * stride + i % ${DIM4}u;
    k[i] = qkv[at + key_at] * shape.scale;
    v[i] = qkv[at + value_at];
  }
  //% for r in 0..Q
  let row${r} = min(row + ${r}u, shape.rows - 1u);
  let end${r} = min(spans[row${r}].y, shape.rows);
  //% for d in 0..DIM4
  let k${r}_${d} = k[${r * DIM4 + d}];
  let v${r}_${d} = v[${r * DIM4 + d}];
  var dk${r}_${d} = vec4f();
  var dv${r}_${d} = vec4f();
  //% end
  //% end
  var past = end0;
  //% for r in 1..Q
  past = max(past, end${r});
  //% end
  for (var head = kv_head * group; head < (kv_head + 1u) * group; head++) {
    // A shared prompt is seen longer than the segment that follows it.
    for (var i = row; i < past; i++) {
      let at = i * shape.heads + head;
      let log_sum = lse[at];
      let own = delta[at];
      //% for r in 0..Q
      var scores${r} = vec4f();
      var pulls${r} = vec4f();
      //% end
      //% for d in 0..DIM4
      let q${d} = qkv[i * stride + head * ${DIM4}u + ${d}u];
      let g${d} = d_o[at * ${DIM4}u + ${d}u];
      //% for r in 0..Q
      scores${r} += q${d} * k${r}_${d};
      pulls${r} += g${d} * v${r}_${d};
      //% end
      //% end
      //% for r in 0..Q
      {
        let score = scores${r}.x + scores${r}.y + scores${r}.z + scores${r}.w;
        let p = select(0.0, exp(min(score - log_sum, 0.0)), i >= row${r} && i < end${r});
        let ds = p * (pulls${r}.x + pulls${r}.y + pulls${r}.z + pulls${r}.w - own);
        //% for d in 0..DIM4
        dv${r}_${d} += p * g${d};
        dk${r}_${d} += ds * q${d};
        //% end
      }
      //% end
    }
  }
  //% for r in 0..Q
  //% for d in 0..DIM4
  k[${r * DIM4 + d}] = dk${r}_${d};
  v[${r * DIM4 + d}] = dv${r}_${d};
  //% end
  //% end
  for (var i = 0u; i < vectors; i++) {
    let mine = row + i / ${DIM4}u;
    if (mine < shape.rows) {
      let at = mine * stride + i % ${DIM4}u;
      dqkv[at + key_at] = k[i] * shape.scale;
      dqkv[at + value_at] = v[i];
    }
  }
}
