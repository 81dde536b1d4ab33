// Gradient of attention for keys and values, one (token, key head) per invocation, which owns what it writes. It walks the queries
// of its group, head by head, from its own row to the end of its segment:
//   dv_j = sum_i p_ij do_i;  dk_j = scale sum_i ds_ij q_i

//% include backward-kv.part.wgsl

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.kv_heads;
  let kv_head = index % shape.kv_heads;
  if (row >= shape.rows) { return; }
  let group = shape.heads / shape.kv_heads;
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let k_at = row * stride + (shape.heads + kv_head) * ${DIM4}u;
  let v_at = row * stride + (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  //% if ROLL
  var k: array<vec4f, ${DIM4}>;
  var g: array<vec4f, ${DIM4}>;
  var q: array<vec4f, ${DIM4}>;
  var v: array<vec4f, ${DIM4}>;
  var dk: array<vec4f, ${DIM4}>;
  var dv: array<vec4f, ${DIM4}>;
  //% else
  //% for d in 0..DIM4
  var k${d}: vec4f;
  var g${d}: vec4f;
  var q${d}: vec4f;
  var v${d}: vec4f;
  var dk${d}: vec4f;
  var dv${d}: vec4f;
  //% end
  //% end
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  ${k[d]} = qkv[k_at + ${d}] * shape.scale;
  ${v[d]} = qkv[v_at + ${d}];
  //% end
  let end = min(spans[row].y, shape.rows);
  for (var head = kv_head * group; head < (kv_head + 1u) * group; head++) {
    for (var i = row; i < end; i++) {
      let source = (i * shape.heads + head) * ${DIM4}u;
      var scores = vec4f();
      var pulls = vec4f();
      //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
      ${q[d]} = qkv[i * stride + head * ${DIM4}u + ${d}];
      ${g[d]} = d_o[source + ${d}];
      scores += ${q[d]} * ${k[d]};
      pulls += ${g[d]} * ${v[d]};
      //% end
      let p = exp(min(scores.x + scores.y + scores.z + scores.w - lse[i * shape.heads + head], 0.0));
      let ds = p * (pulls.x + pulls.y + pulls.z + pulls.w - delta[i * shape.heads + head]);
      //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
      ${dv[d]} += p * ${g[d]};
      ${dk[d]} += ds * ${q[d]};
      //% end
    }
  }
  //% unroll d in 0..DIM4 unless ROLL, then to shape.dim4
  dqkv[k_at + ${d}] = ${dk[d]} * shape.scale;
  dqkv[v_at + ${d}] = ${dv[d]};
  //% end
}
