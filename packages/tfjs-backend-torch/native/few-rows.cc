#include "few-rows.h"
#include "loops.h"

namespace videor1 {
namespace {

template <int LANES>
struct Vector {
  typedef float type __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
};

struct Product {
  const float *x, *w, *bias;
  float* y;
  int64_t columns, depth;
};

template <int LANES>
VIDEOR1_INLINE float sum_of(const typename Vector<LANES>::type& lanes) {
  if constexpr (LANES == 4) {
    return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
  } else {
    union { typename Vector<LANES>::type all; typename Vector<LANES / 2>::type half[2]; } a{lanes};
    return sum_of<LANES / 2>(a.half[0] + a.half[1]);
  }
}

/// ROWS x COLUMNS sums of LANES floats. The first tile of its columns fetches the weights of those to come.
template <int LANES, int ROWS, int COLUMNS>
VIDEOR1_INLINE void tile(const Product& p, int64_t row, int64_t column) {
  using Lanes = typename Vector<LANES>::type;
  const float *x = p.x + row * p.depth, *w = p.w + column * p.depth;
  Lanes sums[COLUMNS][ROWS];
  for (int c = 0; c < COLUMNS; c++) {
    for (int r = 0; r < ROWS; r++) sums[c][r] = Lanes{};
  }
  for (int64_t i = 0; i < p.depth; i += kFewRowsDepth) {
    if (row == 0) {
      for (int c = 0; c < COLUMNS; c++) {
        __builtin_prefetch(w + 2 * COLUMNS * p.depth + COLUMNS * i + 16 * c, 0, 2);  // into L2, two tiles ahead, line by line
      }
    }
#pragma GCC unroll 4
    for (int64_t j = i; j < i + kFewRowsDepth; j += LANES) {
      Lanes weights[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) weights[c] = *reinterpret_cast<const Lanes*>(w + c * p.depth + j);
      for (int r = 0; r < ROWS; r++) {
        const Lanes values = *reinterpret_cast<const Lanes*>(x + r * p.depth + j);
        for (int c = 0; c < COLUMNS; c++) sums[c][r] += weights[c] * values;
      }
    }
  }
  for (int c = 0; c < COLUMNS; c++) {
    for (int r = 0; r < ROWS; r++) {
      p.y[(row + r) * p.columns + column + c] = sum_of<LANES>(sums[c][r]) + (p.bias ? p.bias[column + c] : 0.f);
    }
  }
}

/// All rows of some columns: as many tiles of ROWS as there are, then one of those that remain.
template <int LANES, int ROWS, int COLUMNS>
VIDEOR1_INLINE void strip(const Product& p, int64_t row, int64_t rows, int64_t column) {
  for (; row + ROWS <= rows; row += ROWS) tile<LANES, ROWS, COLUMNS>(p, row, column);
  if constexpr (ROWS > 1) strip<LANES, ROWS - 1, COLUMNS>(p, row, rows, column);
}

template <int LANES, int ROWS, int COLUMNS>
VIDEOR1_INLINE void columns_of(const Product& p, int64_t rows, int64_t first, int64_t last) {
  int64_t column = first;
  for (; column + COLUMNS <= last; column += COLUMNS) strip<LANES, ROWS, COLUMNS>(p, 0, rows, column);
  for (; column < last; column++) strip<LANES, ROWS, 1>(p, 0, rows, column);
}

}  // namespace

void few_rows_product(const float* x, int64_t rows, const float* w, int64_t columns, int64_t depth, const float* bias,
                      float* y) {
  const Product product{x, w, bias, y, columns, depth};
  split_rows(columns, rows * depth, [&](int64_t first, int64_t last) {
    // Beside the sums lie a row's values, the weights of the columns and, in SSE2, which has no fused multiply-add, a product.
    cloned<columns_of<4, 2, 4>, columns_of<8, 3, 4>, columns_of<16, 6, 4>>(product, rows, first, last);
  });
}

}  // namespace videor1
