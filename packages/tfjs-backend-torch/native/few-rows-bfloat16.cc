#include <vector>
#include "few-rows.h"
#include "storage.h"
#ifdef VIDEOR1_CLONES
#include <immintrin.h>
#endif

namespace videor1 {
namespace {

struct Product {
  const void* x;  // [rows, depth], see the tiles
  const Bfloat16Bits *w, *bias;
  Bfloat16Bits* y;
  int64_t columns, depth;
};

VIDEOR1_INLINE void finish(const Product& p, int64_t row, int64_t column, float sum) {
  store(p.y + row * p.columns + column, sum + (p.bias ? loaded(p.bias[column]) : 0.f));
}

/// Sums of LANES floats; x lies as float32, of each 2 LANES values first those at even places, then those at odd ones, as a
/// weight of 32 bits holds two: the odd one in its upper half, the even one in its lower.
template <int LANES>
struct Widened {
  typedef float Floats __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
  typedef uint32_t Words __attribute__((vector_size(4 * LANES), aligned(2), may_alias));

  template <int ROWS, int COLUMNS>
  VIDEOR1_INLINE void tile(const Product& p, int64_t row, int64_t column) {
    const float* x = static_cast<const float*>(p.x) + row * p.depth;
    const Bfloat16Bits* w = p.w + column * p.depth;
    Floats sums[COLUMNS][ROWS];
    for (int c = 0; c < COLUMNS; c++) {
      for (int r = 0; r < ROWS; r++) sums[c][r] = Floats{};
    }
    for (int64_t i = 0; i < p.depth; i += 2 * LANES) {
      if (row == 0) {
        for (int c = 0; c < COLUMNS; c++) __builtin_prefetch(w + (COLUMNS + c) * p.depth + i, 0, 2);
      }
      Floats even[COLUMNS], odd[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) {
        const Words pairs = *reinterpret_cast<const Words*>(w + c * p.depth + i);
        even[c] = reinterpret_cast<Floats>(pairs << 16);
        odd[c] = reinterpret_cast<Floats>(pairs & 0xffff0000u);
      }
      for (int r = 0; r < ROWS; r++) {
        const Floats x_even = *reinterpret_cast<const Floats*>(x + r * p.depth + i);
        const Floats x_odd = *reinterpret_cast<const Floats*>(x + r * p.depth + i + LANES);
        for (int c = 0; c < COLUMNS; c++) {
          sums[c][r] += even[c] * x_even;
          sums[c][r] += odd[c] * x_odd;
        }
      }
    }
    for (int c = 0; c < COLUMNS; c++) {
      for (int r = 0; r < ROWS; r++) {
        float sum = 0;
        for (int lane = 0; lane < LANES; lane++) sum += sums[c][r][lane];
        finish(p, row + r, column + c, sum);
      }
    }
  }
};

template <typename Form, int ROWS, int COLUMNS>
VIDEOR1_INLINE void strip(const Product& p, int64_t row, int64_t rows, int64_t column) {
  for (; row + ROWS <= rows; row += ROWS) Form::template tile<ROWS, COLUMNS>(p, row, column);
  if constexpr (ROWS > 1) strip<Form, ROWS - 1, COLUMNS>(p, row, rows, column);
}

template <typename Form, int ROWS, int COLUMNS>
VIDEOR1_INLINE void columns_of(const Product& p, int64_t rows, int64_t first, int64_t last) {
  int64_t column = first;
  for (; column + COLUMNS <= last; column += COLUMNS) strip<Form, ROWS, COLUMNS>(p, 0, rows, column);
  for (; column < last; column++) strip<Form, ROWS, 1>(p, 0, rows, column);
}

template <int LANES>
VIDEOR1_INLINE void sort_halves(const Bfloat16Bits* x, int64_t count, float* to) {
  for (int64_t i = 0; i < count; i += 2 * LANES) {
    for (int64_t j = 0; j < LANES; j++) {
      to[i + j] = loaded(x[i + 2 * j]);
      to[i + LANES + j] = loaded(x[i + 2 * j + 1]);
    }
  }
}

#ifdef VIDEOR1_CLONES
#define VIDEOR1_AVX512_BF16 VIDEOR1_AVX512 ",avx512bf16"

/// Sums of 16 floats by the instruction that adds products of 32 pairs; x lies as it is.
struct Pairs {
  template <int ROWS, int COLUMNS>
  __attribute__((target(VIDEOR1_AVX512_BF16), always_inline)) static inline void tile(const Product& p, int64_t row, int64_t column) {
    const Bfloat16Bits *x = static_cast<const Bfloat16Bits*>(p.x) + row * p.depth, *w = p.w + column * p.depth;
    __m512 sums[COLUMNS][ROWS];
    for (int c = 0; c < COLUMNS; c++) {
      for (int r = 0; r < ROWS; r++) sums[c][r] = _mm512_setzero_ps();
    }
    for (int64_t i = 0; i < p.depth; i += 32) {
      if (row == 0) {
        for (int c = 0; c < COLUMNS; c++) __builtin_prefetch(w + (COLUMNS + c) * p.depth + i, 0, 2);
      }
      __m512bh weights[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) weights[c] = (__m512bh)_mm512_loadu_si512(w + c * p.depth + i);
      for (int r = 0; r < ROWS; r++) {
        const __m512bh values = (__m512bh)_mm512_loadu_si512(x + r * p.depth + i);
        for (int c = 0; c < COLUMNS; c++) sums[c][r] = _mm512_dpbf16_ps(sums[c][r], weights[c], values);
      }
    }
    for (int c = 0; c < COLUMNS; c++) {
      for (int r = 0; r < ROWS; r++) finish(p, row + r, column + c, _mm512_reduce_add_ps(sums[c][r]));
    }
  }
};

template <int ROWS, int COLUMNS>
__attribute__((target(VIDEOR1_AVX512_BF16), always_inline)) static inline void pairs_strip(const Product& p, int64_t row, int64_t rows, int64_t column) {
  for (; row + ROWS <= rows; row += ROWS) Pairs::tile<ROWS, COLUMNS>(p, row, column);
  if constexpr (ROWS > 1) pairs_strip<ROWS - 1, COLUMNS>(p, row, rows, column);
}

__attribute__((target(VIDEOR1_AVX512_BF16), noinline)) void pairs_columns(const Product& p, int64_t rows, int64_t first, int64_t last) {
  int64_t column = first;
  for (; column + 4 <= last; column += 4) pairs_strip<6, 4>(p, 0, rows, column);
  for (; column < last; column++) pairs_strip<6, 1>(p, 0, rows, column);
}

bool has_pairs() {
  static const bool is_there = __builtin_cpu_supports("avx512bf16");
  return is_there && cpu_capability.load(std::memory_order_relaxed) == CpuCapability::kAvx512;
}
#endif

}  // namespace

void few_rows_product(const Bfloat16Bits* x, int64_t rows, const Bfloat16Bits* w, int64_t columns, int64_t depth,
                      const Bfloat16Bits* bias, Bfloat16Bits* y) {
  Product product{x, w, bias, y, columns, depth};
#ifdef VIDEOR1_CLONES
  if (has_pairs()) {
    split_rows(columns, rows * depth, [&](int64_t first, int64_t last) { pairs_columns(product, rows, first, last); });
    return;
  }
#endif
  std::vector<float> sorted(rows * depth);
  cloned<sort_halves<4>, sort_halves<8>, sort_halves<16>>(x, rows * depth, sorted.data());
  product.x = sorted.data();
  split_rows(columns, rows * depth, [&](int64_t first, int64_t last) {
    cloned<columns_of<Widened<4>, 2, 2>, columns_of<Widened<8>, 4, 2>, columns_of<Widened<16>, 5, 4>>(product, rows, first, last);
  });
}

}  // namespace videor1
