// spans[rows], qkv, o and lse as in the forward pass. d_o: gradient of o. delta[rows, heads]: written, for the keys' kernel.
// dqkv: gradient of qkv, of which only the queries' part is written here.
struct Shape { rows: u32, heads: u32, kv_heads: u32, width: u32, dim4: u32, scale: f32 }
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> spans: array<vec4u>;
@group(0) @binding(2) var<storage, read> qkv: array<vec4f>;
@group(0) @binding(3) var<storage, read> o: array<vec4f>;
@group(0) @binding(4) var<storage, read> d_o: array<vec4f>;
@group(0) @binding(5) var<storage, read> lse: array<f32>;
@group(0) @binding(6) var<storage, read_write> delta: array<f32>;
@group(0) @binding(7) var<storage, read_write> dqkv: array<vec4f>;

//% include spans.part.wgsl
