// Products of small matrices for the attention of one head, on one thread: BLAS libraries lock or start threads of their
// own when called from inside a parallel region. The right side is packed into panels of 16 columns; a tile of the result,
// TILE rows by 16 columns, stays in registers.
#pragma once
#include <cstdint>
#include "storage.h"

namespace videor1 {

constexpr int64_t kPanel = 16;
constexpr int kWideTile = 6;   // 12 of the 16 registers of AVX2, or of the 32 of AVX-512
constexpr int kPlainTile = 2;  // 8 of the 16 of SSE2
typedef float Lanes __attribute__((vector_size(32), aligned(4), may_alias));

VIDEOR1_INLINE int64_t panels(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

/// Floats that the packed form of a [depth, columns] matrix takes.
VIDEOR1_INLINE int64_t packed_size(int64_t depth, int64_t columns) { return panels(columns) * kPanel * depth; }

/// Packs the matrix whose rows (depth) lie `stride` apart, columns side by side; the last panel is filled with zeros.
template <typename T>
VIDEOR1_INLINE void pack_rows(const T* from, int64_t stride, int64_t depth, int64_t columns, float* to) {
  for (int64_t panel = 0; panel < panels(columns); panel++) {
    const int64_t width = columns - panel * kPanel < kPanel ? columns - panel * kPanel : kPanel;
    for (int64_t row = 0; row < depth; row++, to += kPanel) {
      const T* source = from + row * stride + panel * kPanel;
      if (width == kPanel) {
        for (int64_t j = 0; j < kPanel; j++) to[j] = loaded(source[j]);
      } else {
        for (int64_t j = 0; j < kPanel; j++) to[j] = j < width ? loaded(source[j]) : 0.f;
      }
    }
  }
}

/// Packs the transpose: columns lie `stride` apart, the depth side by side.
template <typename T>
VIDEOR1_INLINE void pack_columns(const T* from, int64_t stride, int64_t depth, int64_t columns, float* to) {
  for (int64_t panel = 0; panel < panels(columns); panel++, to += kPanel * depth) {
    for (int64_t j = 0; j < kPanel; j++) {
      const int64_t column = panel * kPanel + j;
      for (int64_t row = 0; row < depth; row++) {
        to[row * kPanel + j] = column < columns ? loaded(from[column * stride + row]) : 0.f;
      }
    }
  }
}

/// A left side or a result: element (row, column) lies at row * row_stride + column * column_stride.
struct Left {
  const float* at;
  int64_t row_stride, column_stride;
};

template <int ROWS>
VIDEOR1_INLINE void multiply_tile(Left a, const float* packed, int64_t depth, float* out, int64_t out_stride,
                                    int64_t width, bool accumulate) {
  Lanes low[ROWS], high[ROWS];
  for (int r = 0; r < ROWS; r++) low[r] = high[r] = Lanes{};
  for (int64_t i = 0; i < depth; i++) {
    const Lanes b0 = *reinterpret_cast<const Lanes*>(packed + i * kPanel);
    const Lanes b1 = *reinterpret_cast<const Lanes*>(packed + i * kPanel + 8);
    for (int r = 0; r < ROWS; r++) {
      const float x = a.at[r * a.row_stride + i * a.column_stride];
      low[r] += x * b0;
      high[r] += x * b1;
    }
  }
  for (int r = 0; r < ROWS; r++) {
    float* row = out + r * out_stride;
    if (width == kPanel) {
      Lanes* target = reinterpret_cast<Lanes*>(row);
      Lanes* target_high = reinterpret_cast<Lanes*>(row + 8);
      *target = accumulate ? *target + low[r] : low[r];
      *target_high = accumulate ? *target_high + high[r] : high[r];
    } else {
      for (int64_t j = 0; j < width; j++) {
        const float x = j < 8 ? low[r][j] : high[r][j - 8];
        row[j] = accumulate ? row[j] + x : x;
      }
    }
  }
}

/// Tiles of ROWS rows, then of half as many.
template <int ROWS>
VIDEOR1_INLINE void multiply_panel(Left a, int64_t rows, const float* packed, int64_t depth, float* out, int64_t out_stride,
                                   int64_t width, bool accumulate) {
  for (; rows >= ROWS; rows -= ROWS, a.at += ROWS * a.row_stride, out += ROWS * out_stride) {
    multiply_tile<ROWS>(a, packed, depth, out, out_stride, width, accumulate);
  }
  if constexpr (ROWS > 1) multiply_panel<ROWS / 2>(a, rows, packed, depth, out, out_stride, width, accumulate);
}

/// out [rows, columns] (+)= a [rows, depth] times a matrix packed with `packed_depth` rows, of which `depth` are used.
template <int TILE>
VIDEOR1_INLINE void multiply(Left a, int64_t rows, const float* packed, int64_t packed_depth, int64_t depth,
                               float* out, int64_t out_stride, int64_t columns, bool accumulate) {
  for (int64_t panel = 0; panel < panels(columns); panel++) {
    const float* b = packed + panel * packed_depth * kPanel;
    const int64_t width = columns - panel * kPanel < kPanel ? columns - panel * kPanel : kPanel;
    multiply_panel<TILE>(a, rows, b, depth, out + panel * kPanel, out_stride, width, accumulate);
  }
}

}  // namespace videor1
