// target[i] (+)= sum over p of planes[p, i], in the order of p. Four numbers per invocation.
// Bindings: 0 shape, 1 planes[plane_count, count], 2 target[count]. count is a multiple of 4.
// Error: at most plane_count 2^-24 sum |planes|.

struct Shape { count4: u32, plane_count: u32, width: u32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> planes: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> target_: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.y * shape.width + id.x;
  if (i >= shape.count4) { return; }
  var sum = vec4f();
  for (var p = 0u; p < shape.plane_count; p++) { sum += planes[p * shape.count4 + i]; }
  //% if ACCUMULATE
  sum += target_[i];
  //% end
  target_[i] = sum;
}
