#include "decoder.h"
#include "compute-dtype.h"
#include "fused.h"

namespace videor1 {

at::Tensor Linear::operator()(const at::Tensor& x) const {
  const at::Tensor y = linear(x, weight, bias);
  if (!adapter_a.defined()) return y;
  const at::Tensor low = linear(x, adapter_a, at::Tensor());
  if (x.is_cuda()) return y.addmm(low, adapter_b.t());  // a kernel less
  return y + linear(low, adapter_b, at::Tensor());
}

at::Tensor decoder_step(Decoder& decoder, const StepInputs& in) {
  const int64_t A = in.ids.size(0);
  at::Tensor x = decoder.embedding.index_select(0, in.ids);
  for (Layer& layer : decoder.layers) {
    const auto heads = [&](const at::Tensor& y, int64_t count) { return y.view({A, 1, count, -1}); };
    const at::Tensor normed = rms_norm(x, layer.input_norm, decoder.eps);
    const at::Tensor q = heads(layer.q(normed), decoder.query_heads);
    const at::Tensor k = heads(layer.k(normed), decoder.kv_heads);
    const at::Tensor v = heads(layer.v(normed), decoder.kv_heads);
    PrefixCache& cache = layer.cache;
    cache.own_k.index_copy_(1, in.column, like(rotary_embedding(k, in.cos, in.sin, 1), cache.own_k));
    cache.own_v.index_copy_(1, in.column, like(v, cache.own_v));
    const at::Tensor attended = prefix_attention(rotary_embedding(q, in.cos, in.sin, 1).squeeze(1), cache, in.view);
    x = x + layer.o(attended.reshape({A, -1}));
    const at::Tensor y = rms_norm(x, layer.post_norm, decoder.eps);
    x = x + layer.down(swiglu(layer.gate(y), layer.up(y)));
  }
  return as_float(linear(rms_norm(x, decoder.norm, decoder.eps), decoder.head, at::Tensor()));
}

}  // namespace videor1
