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
    const std::vector<int64_t> halves = {x.size(0), x.size(1), N, 2, half};
    const auto times = [&](const at::Tensor& table) { return x.view(halves).mul(as_float(table).unsqueeze(2).unsqueeze(3)).flatten(3); };
    const at::Tensor along = times(cos), across = times(sin), y = at::empty(x.sizes(), x.options());
    const auto low = [&](const at::Tensor& z) { return z.narrow(3, 0, half); };
    const auto high = [&](const at::Tensor& z) { return z.narrow(3, half, half); };
    at::Tensor y_low = low(y), y_high = high(y);
    at::sub_out(y_low, low(along), high(across), direction);
    at::add_out(y_high, high(along), low(across), direction);
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
