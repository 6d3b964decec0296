// What `choose` of sampling.h does, for all rows at once by ATen's ops: on a GPU the logits stay where they are.
#pragma once
#include <ATen/ATen.h>
#include "sampling.h"

namespace videor1 {

/**
 * Draws a token for each row.
 *
 * @param logits float32 [A, V].
 * @param uniform float64 [A, 1], `uniform_at` of each row.
 * @param seen bool [A, V], what the repetition penalty applies to; undefined without one.
 * @returns float64 [A, 3]: id, log-probability, and 1, or 0 where the row is left to `choose`: its logits are not finite, or
 *   its nucleus holds more than 4,096 tokens. Of equally probable tokens at the nucleus' border, the device keeps which it likes.
 */
at::Tensor draw_rows(const at::Tensor& logits, const at::Tensor& uniform, const at::Tensor& seen,
                     const SamplingOptions& options);

}  // namespace videor1
