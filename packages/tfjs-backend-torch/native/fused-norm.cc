#include <cmath>
#include "compute-dtype.h"
#include "fused.h"
#include "storage.h"
#include "torch-version.h"

namespace videor1 {
namespace {

template <typename T>
VIDEOR1_INLINE void forward_rows(const T* x, const float* weight, int64_t rows, int64_t d, float eps, T* y) {
  for (int64_t row = 0; row < rows; row++, x += d, y += d) {
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int64_t i = 0; i < d; i++) squares += loaded(x[i]) * loaded(x[i]);
    const float inverse = 1.f / std::sqrt(squares / static_cast<float>(d) + eps);
#pragma omp simd
    for (int64_t i = 0; i < d; i++) store(y + i, loaded(x[i]) * inverse * weight[i]);
  }
}

/// With r = 1 / rms: dx = r (w dy - x r^2 mean(w dy x)); dweight += dy x r.
template <typename T>
VIDEOR1_INLINE void backward_rows(const T* x, const float* weight, const T* dy, int64_t rows, int64_t d, float eps, T* dx,
                                  float* dweight) {
  for (int64_t row = 0; row < rows; row++, x += d, dy += d, dx += d) {
    float squares = 0, dot = 0;
#pragma omp simd reduction(+ : squares, dot)
    for (int64_t i = 0; i < d; i++) {
      squares += loaded(x[i]) * loaded(x[i]);
      dot += weight[i] * loaded(dy[i]) * loaded(x[i]);
    }
    const float inverse = 1.f / std::sqrt(squares / static_cast<float>(d) + eps);
    const float along = inverse * inverse * inverse * dot / static_cast<float>(d);
#pragma omp simd
    for (int64_t i = 0; i < d; i++) {
      dweight[i] += loaded(dy[i]) * loaded(x[i]) * inverse;
      store(dx + i, inverse * weight[i] * loaded(dy[i]) - along * loaded(x[i]));
    }
  }
}

at::Tensor inverse_rms(const at::Tensor& x, double eps) { return x.square().mean(-1, true).add_(eps).rsqrt_(); }

}  // namespace

at::Tensor rms_norm(const at::Tensor& x, const at::Tensor& weight, double eps) {
#if TORCH_AT_LEAST(2, 9)
  if (x.is_cuda()) return std::get<0>(at::_fused_rms_norm(x.contiguous(), {x.size(-1)}, like(weight, x), eps));
#endif
  if (counts_launches()) {
    const Launch launch("aten::_fused_rms_norm");
    return rms_norm(x, weight, eps);
  }
  if (!has_loops(x)) {
    const at::Tensor wide = as_float(x);
    return like(wide.mul(inverse_rms(wide, eps)).mul_(as_float(weight)), x);
  }
  const at::Tensor from = x.contiguous(), scale = as_float(weight).contiguous();
  const int64_t d = from.size(-1);
  at::Tensor y = at::empty(from.sizes(), from.options());
  by_storage(x, [&](auto kind) {
    using T = decltype(kind);
    const T* at_x = stored_data<T>(from);
    const float* at_weight = scale.data_ptr<float>();
    T* at_y = stored_data<T>(y);
    split_rows(from.numel() / d, d, [&](int64_t first, int64_t last) {
      cloned<forward_rows<T>>(at_x + first * d, at_weight, last - first, d, static_cast<float>(eps), at_y + first * d);
    });
  });
  return y;
}

Pair rms_norm_grad(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& dy, double eps) {
  const int64_t d = x.size(-1);
#if TORCH_AT_LEAST(2, 9)
  if (x.is_cuda()) {
    const at::Tensor from = x.contiguous(), scale = like(weight, x), slope = like(dy, x).contiguous();
    const at::Tensor inverse = std::get<1>(at::_fused_rms_norm(from, {d}, scale, eps));
    const auto [dx, dweight] = at::_fused_rms_norm_backward(slope, from, {d}, inverse, scale, {true, true});
    return {dx, like(dweight, weight)};
  }
#endif
  if (counts_launches()) {
    const Launch launch("aten::_fused_rms_norm_backward", 3);
    return rms_norm_grad(x, weight, dy, eps);
  }
  if (!has_loops(x)) {
    const at::Tensor wide = as_float(x), slope = as_float(dy), inverse = inverse_rms(wide, eps);
    const at::Tensor normal = wide.mul(inverse);
    const at::Tensor weighted = slope.mul(as_float(weight));
    const at::Tensor dx = weighted.sub(normal.mul(weighted.mul(normal).mean(-1, true))).mul_(inverse);
    return {like(dx, x), like(slope.mul(normal).reshape({-1, d}).sum(0), weight)};
  }
  const at::Tensor from = x.contiguous(), scale = as_float(weight).contiguous(), slope = like(dy, x).contiguous();
  const int64_t rows = from.numel() / d;
  // One partial sum per part; the parts depend on the number of threads alone, so that results repeat.
  const int64_t parts = std::max<int64_t>(1, std::min<int64_t>(at::get_num_threads(), rows * d / 32768));
  at::Tensor dx = at::empty(from.sizes(), from.options());
  at::Tensor partial = at::zeros({parts, d}, scale.options());
  by_storage(x, [&](auto kind) {
    using T = decltype(kind);
    const T *at_x = stored_data<T>(from), *at_dy = stored_data<T>(slope);
    const float* at_weight = scale.data_ptr<float>();
    T* at_dx = stored_data<T>(dx);
    float* at_partial = partial.data_ptr<float>();
    at::parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
      for (int64_t part = first; part < last; part++) {
        const int64_t start = rows * part / parts, end = rows * (part + 1) / parts;
        cloned<backward_rows<T>>(at_x + start * d, at_weight, at_dy + start * d, end - start, d, static_cast<float>(eps),
                                 at_dx + start * d, at_partial + part * d);
      }
    });
  });
  return {dx, like(parts == 1 ? partial.reshape({d}) : partial.sum(0), weight)};
}

}  // namespace videor1
