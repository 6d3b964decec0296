// Attention of one new token of some rows over their prompts' keys, which the rows of a prompt share, and their own, on the CPU.
#pragma once
#include "rows.h"
#include <vector>

namespace videor1 {

/** A row, and the part of the packed prompts that it sees; `used` of its own columns exist. */
struct RowView {
  int64_t slot, first, length, used;
};

/** q [n, N, H], a query of each row, to [n, N, H]; scores times H^-1/2, softmax in float32. Float32 or bfloat16. */
at::Tensor row_attention(const at::Tensor& q, const PackedPrompts& prompts, const OwnColumns& own, const std::vector<RowView>& rows);

}  // namespace videor1
