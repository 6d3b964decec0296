#include "compute-dtype.h"
#include "fused.h"
#include "storage.h"

namespace videor1 {
namespace {

template <typename T>
VIDEOR1_INLINE void swiglu_range(const T* gate, const T* up, int64_t count, T* y) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) store(y + i, loaded(gate[i]) * sigmoid(loaded(gate[i])) * loaded(up[i]));
}

/// dup = dy silu(g); dgate = dy up s (1 + g (1 - s)) with s = sigmoid(g).
template <typename T>
VIDEOR1_INLINE void swiglu_grad_range(const T* gate, const T* up, const T* dy, int64_t count, T* dgate, T* dup) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const float g = loaded(gate[i]), slope = loaded(dy[i]), s = sigmoid(g);
    store(dup + i, slope * g * s);
    store(dgate + i, slope * loaded(up[i]) * s * (1.f + g * (1.f - s)));
  }
}

}  // namespace

at::Tensor swiglu(const at::Tensor& gate, const at::Tensor& up) {
  if (!has_loops(gate)) return at::silu(gate).mul_(like(up, gate));
  const at::Tensor g = gate.contiguous(), u = like(up, gate).contiguous();
  at::Tensor y = at::empty(g.sizes(), g.options());
  by_storage(gate, [&](auto kind) {
    using T = decltype(kind);
    const T *at_gate = stored_data<T>(g), *at_up = stored_data<T>(u);
    T* at_y = stored_data<T>(y);
    split_rows(g.numel(), 1, [&](int64_t first, int64_t last) {
      cloned<swiglu_range<T>>(at_gate + first, at_up + first, last - first, at_y + first);
    });
  });
  return y;
}

Pair swiglu_grad(const at::Tensor& gate, const at::Tensor& up, const at::Tensor& dy) {
  if (!has_loops(gate)) {
    const at::Tensor slope = like(dy, gate);
    return {at::silu_backward(slope.mul(like(up, gate)), gate), like(at::silu(gate).mul_(slope), up)};
  }
  const at::Tensor g = gate.contiguous(), u = like(up, gate).contiguous(), slope = like(dy, gate).contiguous();
  at::Tensor dgate = at::empty(g.sizes(), g.options()), dup = at::empty(g.sizes(), g.options());
  by_storage(gate, [&](auto kind) {
    using T = decltype(kind);
    const T *at_gate = stored_data<T>(g), *at_up = stored_data<T>(u), *at_dy = stored_data<T>(slope);
    T *at_dgate = stored_data<T>(dgate), *at_dup = stored_data<T>(dup);
    split_rows(g.numel(), 1, [&](int64_t first, int64_t last) {
      cloned<swiglu_grad_range<T>>(at_gate + first, at_up + first, at_dy + first, last - first, at_dgate + first, at_dup + first);
    });
  });
  return {dgate, like(dup, up)};
}

at::Tensor gelu(const at::Tensor& x) { return at::gelu(x); }

at::Tensor gelu_grad(const at::Tensor& x, const at::Tensor& dy) { return at::gelu_backward(like(dy, x), x); }

}  // namespace videor1
