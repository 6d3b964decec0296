#include "compute-dtype.h"
#include "fused.h"
#include "storage.h"

namespace videor1 {
namespace {

/// `rows` positions of N heads; the table's row of position p is p modulo table_rows.
template <typename T>
VIDEOR1_INLINE void rotate_rows(const T* x, const float* cos, const float* sin, int64_t first, int64_t last,
                                int64_t table_rows, int64_t N, int64_t half, float direction, T* y) {
  for (int64_t position = first; position < last; position++) {
    const float* c = cos + position % table_rows * half;
    const float* s = sin + position % table_rows * half;
    for (int64_t head = 0; head < N; head++) {
      const T* low = x + (position * N + head) * 2 * half;
      const T* high = low + half;
      T* out = y + (position * N + head) * 2 * half;
#pragma omp simd
      for (int64_t j = 0; j < half; j++) {
        const float turn = direction * s[j];
        store(out + j, loaded(low[j]) * c[j] - loaded(high[j]) * turn);
        store(out + half + j, loaded(high[j]) * c[j] + loaded(low[j]) * turn);
      }
    }
  }
}

}  // namespace

at::Tensor rotary_embedding(const at::Tensor& x, const at::Tensor& cos, const at::Tensor& sin, double direction) {
  const int64_t N = x.size(2), half = x.size(3) / 2;
  if (!has_loops(x)) {  // the tables are float32, and so are the products
    const at::Tensor c = as_float(cos).unsqueeze(2), s = as_float(sin).unsqueeze(2);
    const at::Tensor low = x.narrow(3, 0, half), high = x.narrow(3, half, half);
    at::Tensor y = at::empty(x.sizes(), x.options());
    at::Tensor y_low = y.narrow(3, 0, half), y_high = y.narrow(3, half, half);
    at::sub_out(y_low, low * c, high * s, direction);
    at::add_out(y_high, high * c, low * s, direction);
    return y;
  }
  const at::Tensor from = x.contiguous(), c = as_float(cos).contiguous(), s = as_float(sin).contiguous();
  const int64_t table_rows = c.numel() / half;
  at::Tensor y = at::empty(from.sizes(), from.options());
  const float* at_cos = c.data_ptr<float>();
  const float* at_sin = s.data_ptr<float>();
  by_storage(x, [&](auto kind) {
    using T = decltype(kind);
    const T* at_x = stored_data<T>(from);
    T* at_y = stored_data<T>(y);
    split_rows(from.size(0) * from.size(1), 2 * N * half, [&](int64_t first, int64_t last) {
      cloned<rotate_rows<T>>(at_x, at_cos, at_sin, first, last, table_rows, N, half, static_cast<float>(direction), at_y);
    });
  });
  return y;
}

}  // namespace videor1
