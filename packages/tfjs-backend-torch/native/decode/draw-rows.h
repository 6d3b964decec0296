// What `choose` of sampling.h does, for all rows at once by ATen's ops: on a GPU the logits and the rows' state stay where they are.
#pragma once
#include "rows.h"
#include "sampling.h"

namespace videor1 {

/** How the ops draw, besides the sampling options. */
struct DrawInputs {
  at::Tensor uniforms;  // float64 [A, T]: uniform_at of each draw of a row
  at::Tensor stop_ids;  // int32 [stops]
  bool advance;         // after a step: length and position move on too
};

/**
 * Draws a token for each row that runs, and moves it on.
 *
 * @param logits [A, V].
 * @param rows the state of these A rows.
 */
void draw_rows(const at::Tensor& logits, const Rows& rows, const DrawInputs& inputs, const SamplingOptions& options);

}  // namespace videor1
