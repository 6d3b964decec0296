// Attention of float32 tensors in CPU memory, head by head, in blocks of queries: the [T, S] scores never exist whole.
#pragma once
#include <cstdint>

namespace videor1 {

/// One batch entry's or segment's arrays; distances between positions in floats, heads lie H apart.
struct HeadShape {
  int64_t T, S, N, K, H;  // queries, keys in use, query heads, key/value heads, head dim
  bool causal;
  float scale;
};

struct ForwardArrays {
  const float *q, *k, *v;
  const int32_t* mask;  // [S], or null
  float* out;
};

struct BackwardArrays {
  const float *q, *k, *v, *dy;
  const int32_t* mask;
  float *dq, *dk, *dv;  // dk and dv are added to
};

/// Floats of scratch that one call of the functions below needs.
int64_t attention_scratch(const HeadShape& shape);

/// Query heads of one key/value head.
void attention_forward(const HeadShape& shape, const ForwardArrays& arrays, int64_t kv_head, float* scratch);

/// With P = softmax(scale q k^T), computed again, dP = dy v^T: dv = P^T dy, dS = scale P (dP - rowsum(P dP)),
/// dq = dS k, dk = dS^T q.
void attention_backward(const HeadShape& shape, const BackwardArrays& arrays, int64_t kv_head, float* scratch);

}  // namespace videor1
