// Causal grouped-query attention over a packed batch, one (token, query head) an invocation, keys straight from memory:
//   o_i = sum_j p_ij v_j,  p_ij = exp(q_i . k_j / sqrt(dim) - lse_i)   over j from the start of i's segment to i
// with an online softmax in blocks of a few keys (Milakov & Gimelshein 2018; FlashAttention-2, arXiv 2307.08691): nothing of size T x T.
// Bindings: 0 shape, 1 spans[rows] (start, end of the token's segment), 2 qkv[rows, (heads + 2 kv_heads) dim],
// 3 o[rows, heads dim], 4 lse[rows, heads]. dim = 4 ${DIM4}. Error: about 1e-6 of max |v| (exp) + dim 2^-24 in the scores.

struct Shape { rows: u32, heads: u32, kv_heads: u32, width: u32, scale: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> spans: array<vec2u>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> lse: array<f32>;

// Score of a masked key: far below any real score, and finite.
const MASKED = -1e30;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.y * shape.width + id.x;
  let row = index / shape.heads;
  let head = index % shape.heads;
  if (row >= shape.rows) { return; }
  let stride = (shape.heads + 2u * shape.kv_heads) * ${DIM4}u;
  let kv_head = head / (shape.heads / shape.kv_heads);
  let k0 = (shape.heads + kv_head) * ${DIM4}u;
  let v0 = (shape.heads + shape.kv_heads + kv_head) * ${DIM4}u;
  //% for d in 0..DIM4
  let q${d} = qkv[row * stride + head * ${DIM4}u + ${d}u] * shape.scale;
  var o${d} = vec4f();
  //% end
  var top = MASKED;
  var sum = 0.0;
  for (var j0 = spans[row].x; j0 <= row; j0 += ${KEYS}u) {
    //% for j in 0..KEYS
    var s${j} = MASKED;
    if (j0 + ${j}u <= row) {
      let at = (j0 + ${j}u) * stride + k0;
      var dots = vec4f();
      //% for d in 0..DIM4
      dots += q${d} * qkv[at + ${d}u];
      //% end
      s${j} = dots.x + dots.y + dots.z + dots.w;
    }
    //% end
    var new_top = top;
    //% for j in 0..KEYS
    new_top = max(new_top, s${j});
    //% end
    let shrink = exp(top - new_top);
    top = new_top;
    sum *= shrink;
    //% for d in 0..DIM4
    o${d} *= shrink;
    //% end
    //% for j in 0..KEYS
    if (j0 + ${j}u <= row) {
      let p = exp(s${j} - top);
      let at = (j0 + ${j}u) * stride + v0;
      sum += p;
      //% for d in 0..DIM4
      o${d} += p * qkv[at + ${d}u];
      //% end
    }
    //% end
  }
  let to = (row * shape.heads + head) * ${DIM4}u;
  //% for d in 0..DIM4
  o[to + ${d}u] = o${d} / sum;
  //% end
  lse[row * shape.heads + head] = top + log(sum);
}
