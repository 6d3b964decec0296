// One AdamW update in place, with the weight in one of two forms and the moments in one of two.
#pragma once
#include <ATen/ATen.h>
#include <cstdint>

namespace videor1 {

struct AdamwOptions {
  double learning_rate, beta1, beta2, eps, weight_decay, factor;  // the gradient is multiplied by `factor` first
  int64_t step;                                                   // 1 at the first update
};

/// Float32, or bfloat16 with the remainder of split-float32.h.
struct Parameter {
  at::Tensor weight, remainder;
  bool is_split() const { return remainder.defined(); }
};

/// Float32, or codes of dynamic-codes.h with the absmax of each block.
struct Moments {
  at::Tensor m, v, m_absmax, v_absmax;
  bool is_coded() const { return m_absmax.defined(); }
};

void adamw_update(Parameter parameter, const at::Tensor& grad, Moments moments, const AdamwOptions& options);

}  // namespace videor1
