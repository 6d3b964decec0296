// Attention by ATen's scaled_dot_product_attention (flash, memory-efficient or cuDNN kernels, as ATen chooses), for
// devices other than the CPU. Needs libtorch 2.1. Arguments as in fused.h.
#pragma once
#include "fused.h"

namespace videor1 {

at::Tensor attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                          const AttentionOptions& options);
Triple attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                           const at::Tensor& mask, const AttentionOptions& options);
at::Tensor varlen_attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                 const std::vector<int64_t>& offsets, double scale);
Triple varlen_attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                                  const std::vector<int64_t>& offsets, double scale);

}  // namespace videor1
