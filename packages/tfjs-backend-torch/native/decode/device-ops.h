// The parts of a step by ATen's ops, in shapes that do not change and without the host: beside the kernels of ../cuda.
// Shape letters: a places, P packed prompt tokens, C own columns, N query heads, K key/value heads, H head dim, d hidden size.
#pragma once
#include "session.h"

namespace videor1 {

/** What all layers of a step read. */
struct StepView {
  int64_t places, columns, packed;    // a, C and P
  Rows rows;                          // of the first places
  at::Tensor cos, sin;                // float32 [a, 1, H]: of both halves, the first half's sine negated
  at::Tensor bias;                    // float32 [a, 1, 1, P + C]: 0 where a row sees a key, else -infinity
  at::Tensor place, head, column;     // int64 [a, 1], [1, K] and [a, 1]: where the new keys go
};

/** The tables of the rows' positions, and where their new keys go. */
void view_positions(const DecodeSession& session, StepView& view);
/** Which keys the rows see. */
void view_keys(const DecodeSession& session, StepView& view);

/** x / sqrt(mean(x^2) + eps) * weight. */
at::Tensor norm(const at::Tensor& x, const at::Tensor& weight, double eps);
/** x W^T + b + (x A^T) B^T. */
at::Tensor product(const Linear& linear, const at::Tensor& x);
/** x += y W^T + (y A^T) B^T, rounded where the sum is complete. */
void add_product(at::Tensor& x, const Linear& linear, const at::Tensor& y);
/** Rotates the first N + K heads of qkv [a, (N + 2 K) H] in place, and writes the new keys and values. */
void rotate_and_write(const at::Tensor& qkv, const OwnColumns& own, int64_t query_heads, const StepView& view);
/** Attention over the packed prompts and the own columns, [a, N H]: all rows meet all packed keys, most of them hidden. */
at::Tensor attend(const at::Tensor& qkv, const PackedPrompts& prompts, const OwnColumns& own, const StepView& view);

}  // namespace videor1
