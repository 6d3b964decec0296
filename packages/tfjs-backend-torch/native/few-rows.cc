#include "few-rows.h"
#include "loops.h"

namespace videor1 {
namespace {

typedef float Lanes16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef float Lanes8 __attribute__((vector_size(32)));
typedef float Lanes4 __attribute__((vector_size(16)));

constexpr int kColumns = 3;  // with 8 rows 24 sums, of the 32 registers that AVX-512 has
constexpr int kRows = 8;

struct Product {
  const float *x, *w, *bias;
  float* y;
  int64_t columns, depth;
};

VIDEOR1_INLINE float sum_of(const Lanes16& lanes) {
  union { Lanes16 all; Lanes8 half[2]; } a{lanes};
  union { Lanes8 all; Lanes4 half[2]; } b{a.half[0] + a.half[1]};
  const Lanes4 c = b.half[0] + b.half[1];
  return (c[0] + c[1]) + (c[2] + c[3]);
}

template <int ROWS, int COLUMNS>
VIDEOR1_INLINE void tile(const Product& p, int64_t row, int64_t column) {
  const float *x = p.x + row * p.depth, *w = p.w + column * p.depth;
  Lanes16 sums[COLUMNS][ROWS];
  for (int c = 0; c < COLUMNS; c++) {
    for (int r = 0; r < ROWS; r++) sums[c][r] = Lanes16{};
  }
  for (int64_t i = 0; i < p.depth; i += kFewRowsDepth) {
    Lanes16 weights[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
      weights[c] = *reinterpret_cast<const Lanes16*>(w + c * p.depth + i);
      __builtin_prefetch(w + 2 * COLUMNS * p.depth + COLUMNS * i + 16 * c, 0, 2);  // into L2, two tiles ahead, line by line
    }
    for (int r = 0; r < ROWS; r++) {
      const Lanes16 values = *reinterpret_cast<const Lanes16*>(x + r * p.depth + i);
      for (int c = 0; c < COLUMNS; c++) sums[c][r] += weights[c] * values;
    }
  }
  for (int c = 0; c < COLUMNS; c++) {
    for (int r = 0; r < ROWS; r++) {
      p.y[(row + r) * p.columns + column + c] = sum_of(sums[c][r]) + (p.bias ? p.bias[column + c] : 0.f);
    }
  }
}

template <int ROWS>
VIDEOR1_INLINE void strip(const Product& p, int64_t row, int64_t first, int64_t last) {
  int64_t column = first;
  for (; column + kColumns <= last; column += kColumns) tile<ROWS, kColumns>(p, row, column);
  for (; column < last; column++) tile<ROWS, 1>(p, row, column);
}

VIDEOR1_CLONES
void columns_of(const Product& p, int64_t rows, int64_t first, int64_t last) {
  int64_t row = 0;
  for (; row + kRows <= rows; row += kRows) strip<kRows>(p, row, first, last);
  for (; row + 4 <= rows; row += 4) strip<4>(p, row, first, last);
  for (; row < rows; row++) strip<1>(p, row, first, last);
}

}  // namespace

void few_rows_product(const float* x, int64_t rows, const float* w, int64_t columns, int64_t depth, const float* bias,
                      float* y) {
  const Product product{x, w, bias, y, columns, depth};
  split_rows(columns, rows * depth, [&](int64_t first, int64_t last) {
    // Parts that fit the cache, so that further strips of rows find the weights there.
    const int64_t part = rows > kRows ? 48 : last - first;
    for (int64_t at = first; at < last; at += part) columns_of(product, rows, at, at + part < last ? at + part : last);
  });
}

}  // namespace videor1
