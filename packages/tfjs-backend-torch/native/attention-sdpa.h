// Attention by ATen's scaled_dot_product_attention (memory-efficient, cuDNN or plain kernels, as ATen chooses), for what flash
// attention does not take on a device: float32, masks, other head sizes. Needs libtorch 2.1. Arguments as in fused.h.
#pragma once
#include "fused.h"

namespace videor1 {

at::Tensor attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                          const AttentionOptions& options);
Triple attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                           const at::Tensor& mask, const AttentionOptions& options);
at::Tensor packed_attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const PackedSegments& segments);
Triple packed_attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                                  const PackedSegments& segments);

}  // namespace videor1
