// x W^T for few rows in CPU memory, as in decoding. BLAS libraries pack W anew for each product, which costs
// more than the product; here each weight is read once, where it lies.
#pragma once
#include <cstdint>
#include "storage.h"

namespace videor1 {

constexpr int64_t kFewRows = 16;
constexpr int64_t kFewRowsDepth = 16;  // the depth must be a multiple of it, in bfloat16 of two of it: a cache line

/** y [rows, columns] = x [rows, depth] times the transpose of w [columns, depth], plus bias [columns] or null. */
void few_rows_product(const float* x, int64_t rows, const float* w, int64_t columns, int64_t depth, const float* bias, float* y);

/// The same in bfloat16, summed in float32 and rounded once.
void few_rows_product(const Bfloat16Bits* x, int64_t rows, const Bfloat16Bits* w, int64_t columns, int64_t depth,
                      const Bfloat16Bits* bias, Bfloat16Bits* y);

}  // namespace videor1
