// spans[rows]: what each token sees, below. qkv[rows, (heads + 2 kv_heads) dim]: queries, keys and values side by side.
// o[rows, heads dim]. lse[rows, heads]: log-sum-exp of the scores. dim is 4 dim4.
struct Shape { rows: u32, heads: u32, kv_heads: u32, width: u32, dim4: u32, scale: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> spans: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> lse: array<f32>;

//% include spans.part.wgsl
