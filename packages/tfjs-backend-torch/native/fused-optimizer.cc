#include <cmath>
#include "compute-dtype.h"
#include "fused.h"
#include "loops.h"

namespace videor1 {
namespace {

constexpr int64_t kPart = 65536;  // a sum does not depend on the number of threads

VIDEOR1_INLINE double squares_range(const float* x, int64_t count) {
  double total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < count; i++) total += static_cast<double>(x[i]) * x[i];
  return total;
}

VIDEOR1_INLINE void widen_range(const uint16_t* x, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = widened(x[i]);
}

VIDEOR1_INLINE void add_range(float* total, const float* x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) total[i] += x[i];
}

VIDEOR1_INLINE void add_widened_range(float* total, const uint16_t* x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) total[i] += widened(x[i]);
}

/// Of float32 or bfloat16, which is widened part by part.
double sum_of_squares(const at::Tensor& x) {
  const at::Tensor from = x.contiguous();
  const bool is_narrow = from.scalar_type() == at::kBFloat16;
  std::vector<double> partial((from.numel() + kPart - 1) / kPart);
  at::parallel_for(0, static_cast<int64_t>(partial.size()), 1, [&](int64_t first, int64_t last) {
    std::vector<float> wide(is_narrow ? std::min(kPart, from.numel()) : 0);
    for (int64_t i = first; i < last; i++) {
      const int64_t start = i * kPart, count = std::min(kPart, from.numel() - start);
      if (is_narrow) cloned<widen_range>(static_cast<const uint16_t*>(from.data_ptr()) + start, wide.data(), count);
      partial[i] = cloned<squares_range>(is_narrow ? wide.data() : from.data_ptr<float>() + start, count);
    }
  });
  double total = 0;
  for (const double x : partial) total += x;
  return total;
}

}  // namespace

void cache_write(at::Tensor& cache, const at::Tensor& x, int64_t position) {
  cache.narrow(1, position, x.size(1)).copy_(x);
}

void add_in_place(at::Tensor& total, const at::Tensor& x) {
  const bool is_narrow = x.scalar_type() == at::kBFloat16;
  if (!is_cpu_float(total) || !total.is_contiguous() || !(is_narrow || is_cpu_float(x))) {
    total.add_(x);
    return;
  }
  const at::Tensor dense = x.contiguous();
  float* at_total = total.data_ptr<float>();
  split_rows(total.numel(), 1, [&](int64_t first, int64_t last) {
    if (is_narrow) {
      const auto* from = static_cast<const uint16_t*>(dense.data_ptr());
      cloned<add_widened_range>(at_total + first, from + first, last - first);
    } else {
      cloned<add_range>(at_total + first, dense.data_ptr<float>() + first, last - first);
    }
  });
}

at::Tensor global_norm(const std::vector<at::Tensor>& tensors) {
  bool loops = true;
  for (const at::Tensor& x : tensors) loops = loops && x.is_cpu();
  if (loops) {
    double total = 0;
    for (const at::Tensor& x : tensors) total += sum_of_squares(x);
    return at::scalar_tensor(std::sqrt(total), tensors.front().options().dtype(at::kFloat));
  }
  std::vector<at::Tensor> norms;
  for (const at::Tensor& x : tensors) norms.push_back(at::linalg_vector_norm(x, 2, c10::nullopt, false, at::kFloat));
  return at::stack(norms).norm();
}

}  // namespace videor1
