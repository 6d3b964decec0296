#include "compute-dtype.h"
#include "fused.h"
#include "loops.h"

namespace videor1 {
namespace {

VIDEOR1_INLINE void add_range(float* total, const float* x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) total[i] += x[i];
}

VIDEOR1_INLINE void add_widened_range(float* total, const uint16_t* x, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) total[i] += widened(x[i]);
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

}  // namespace videor1
