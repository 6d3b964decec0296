#include "compute-dtype.h"
#include "fused.h"
#include "loops.h"

namespace videor1 {
namespace {

VIDEOR1_INLINE void swiglu_range(const float* gate, const float* up, int64_t count, float* y) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) y[i] = gate[i] * sigmoid(gate[i]) * up[i];
}

/// dup = dy silu(g); dgate = dy up s (1 + g (1 - s)) with s = sigmoid(g).
VIDEOR1_INLINE void swiglu_grad_range(const float* gate, const float* up, const float* dy, int64_t count,
                                        float* dgate, float* dup) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const float s = sigmoid(gate[i]);
    dup[i] = dy[i] * gate[i] * s;
    dgate[i] = dy[i] * up[i] * s * (1.f + gate[i] * (1.f - s));
  }
}

}  // namespace

at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up) {
  if (!is_cpu_float(gate) || !is_cpu_float(up)) return at::silu(gate).mul_(like(up, gate));
  const at::Tensor g = gate.contiguous(), u = up.contiguous();
  at::Tensor y = at::empty(g.sizes(), g.options());
  const float* at_gate = g.data_ptr<float>();
  const float* at_up = u.data_ptr<float>();
  float* at_y = y.data_ptr<float>();
  split_rows(g.numel(), 1, [&](int64_t first, int64_t last) {
    cloned<swiglu_range>(at_gate + first, at_up + first, last - first, at_y + first);
  });
  return y;
}

Pair swiglu_grad(const at::Tensor& gate, const at::Tensor& up, const at::Tensor& dy) {
  if (!is_cpu_float(gate) || !is_cpu_float(up) || !is_cpu_float(dy)) {
    const at::Tensor slope = like(dy, gate);
    return {at::silu_backward(slope.mul(like(up, gate)), gate), like(at::silu(gate).mul_(slope), up)};
  }
  const at::Tensor g = gate.contiguous(), u = up.contiguous(), slope = dy.contiguous();
  at::Tensor dgate = at::empty(g.sizes(), g.options()), dup = at::empty(g.sizes(), g.options());
  const float* at_gate = g.data_ptr<float>();
  const float* at_up = u.data_ptr<float>();
  const float* at_dy = slope.data_ptr<float>();
  float* at_dgate = dgate.data_ptr<float>();
  float* at_dup = dup.data_ptr<float>();
  split_rows(g.numel(), 1, [&](int64_t first, int64_t last) {
    cloned<swiglu_grad_range>(at_gate + first, at_up + first, at_dy + first, last - first, at_dgate + first, at_dup + first);
  });
  return {dgate, dup};
}

at::Tensor gelu(const at::Tensor& x) { return at::gelu(x); }

at::Tensor gelu_grad(const at::Tensor& x, const at::Tensor& dy) { return at::gelu_backward(like(dy, x), x); }

}  // namespace videor1
