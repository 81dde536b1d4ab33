// Global norm of the flat gradient as in gradient-norm.wgsl, for GPUs. STAGE 1: ${PARTS} workgroups of ${PARTS} lanes, each of which makes one
// partial sum, as a tree. STAGE 2: one workgroup adds the partial sums as a tree. Bindings as there. The counts are fixed, so the bits never vary.

struct Shape { count4: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
//% if STAGE == 1
@group(0) @binding(1) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partials: array<vec2f>;
//% else
@group(0) @binding(1) var<storage, read> partials: array<vec2f>;
@group(0) @binding(2) var<storage, read> settings: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<f32>;
//% end

@compute @workgroup_size(${PARTS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  //% if STAGE == 1
  var sum = vec4f();
  var odd = vec4u();
  for (var i = group.x * ${PARTS}u + lane; i < shape.count4; i += ${PARTS * PARTS}u) {
    let g = gradient[i];
    sum += g * g;
    odd |= select(vec4u(), vec4u(1u), (bitcast<vec4u>(g) & vec4u(0x7f800000u)) == vec4u(0x7f800000u));
  }
  // The second number counts what is not finite.
  let all = tree_sum(lane, vec2f(sum.x + sum.y + sum.z + sum.w, f32(odd.x | odd.y | odd.z | odd.w)));
  //% else
  let all = tree_sum(lane, partials[lane]);
  //% end
  if (lane > 0u) { return; }
  //% if STAGE == 1
  partials[group.x] = all;
  //% else
  let total = all.x;
  let bad = all.y > 0.0 || (bitcast<u32>(total) & 0x7f800000u) == 0x7f800000u;
  let norm = select(sqrt(total), 0.0, bad);
  let limit = settings[7];
  stats[0] = norm;
  stats[1] = select(1.0, min(1.0, limit / (norm + 1e-6)), limit > 0.0);
  stats[2] = select(0.0, 1.0, bad);
  stats[3] = 0.0;
  //% end
}
