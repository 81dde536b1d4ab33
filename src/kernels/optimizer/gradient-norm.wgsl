// Global norm of the flat gradient in two steps with a fixed number of partial sums, so that the bits never vary.
// STAGE 1: invocation i of PARTS adds the squares of the vectors i, i + PARTS, ... to partials[i] = (sum, 1 if a number was not finite).
// STAGE 2: one invocation adds the partials and writes stats = (norm, clip scale, not finite, 0).
// Bindings, stage 1: 0 shape, 1 gradient[count], 2 partials[PARTS]. Stage 2: 0 shape, 1 partials, 2 step settings, 3 stats.
// Whether a number is finite is read from its exponent bits, since a shader may assume that NaN does not exist. Error: about 1e-6 relative.

struct Shape { count4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
//% if STAGE == 1
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = vec4f();
  var odd = vec4u();
  for (var i = id.x; i < shape.count4; i += ${PARTS}u) {
    let g = gradient[i];
    sum += g * g;
    odd |= select(vec4u(), vec4u(1u), (bitcast<vec4u>(g) & vec4u(0x7f800000u)) == vec4u(0x7f800000u));
  }
  partials[id.x] = vec2f(sum.x + sum.y + sum.z + sum.w, f32(odd.x | odd.y | odd.z | odd.w));
}
//% else
@group(0) @binding(1) var<storage, read> partials: array<vec2f>;
@group(0) @binding(2) var<storage, read> settings: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;

@compute @workgroup_size(1)
fn main() {
  var sum = 0.0;
  var odd = 0.0;
  for (var i = 0u; i < ${PARTS}u; i++) {
    sum += partials[i].x;
    odd = max(odd, partials[i].y);
  }
  if ((bitcast<u32>(sum) & 0x7f800000u) == 0x7f800000u) { odd = 1.0; }
  let norm = select(sqrt(sum), 0.0, odd > 0.0);
  let limit = settings[7];
  stats[0] = norm;
  stats[1] = select(1.0, min(1.0, limit / (norm + 1e-6)), limit > 0.0);
  stats[2] = odd;
  stats[3] = 0.0;
}
//% end
