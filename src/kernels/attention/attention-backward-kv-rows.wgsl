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
  //% for r in 0..Q
  let row${r} = min(row + ${r}u, shape.rows - 1u);
  let end${r} = min(spans[row${r}].y, shape.rows);
  //% for d in 0..DIM4
  let k${r}_${d} = qkv[row${r} * stride + key_at + ${d}u] * shape.scale;
  let v${r}_${d} = qkv[row${r} * stride + value_at + ${d}u];
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
  if (row + ${r}u < shape.rows) {
    //% for d in 0..DIM4
    dqkv[row${r} * stride + key_at + ${d}u] = dk${r}_${d} * shape.scale;
    dqkv[row${r} * stride + value_at + ${d}u] = dv${r}_${d};
    //% end
  }
  //% end
}
