// Attention of float32 or bfloat16 tensors in CPU memory, computed in float32, head by head, in blocks of queries: the [T, S] scores never exist whole.
#pragma once
#include <cstdint>

namespace videor1 {

/// One batch entry's or segment's arrays; heads lie H elements apart.
struct HeadShape {
  int64_t T, S, N, K, H;  // queries, keys in use, query heads, key/value heads, head dim
  bool causal;
  float scale;
};

/// T is a storage type of storage.h.
template <typename T>
struct ForwardArrays {
  const T *q, *k, *v;
  const int32_t* mask;  // [S], or null
  T* out;
};

template <typename T>
struct BackwardArrays {
  const T *q, *k, *v, *dy;
  const int32_t* mask;
  T *dq, *dk, *dv;  // dk and dv hold zeros
};

/// Floats of scratch that one call of the functions below needs.
int64_t attention_scratch(const HeadShape& shape);

/// Query heads of one key/value head.
template <typename T>
void attention_forward(const HeadShape& shape, const ForwardArrays<T>& arrays, int64_t kv_head, float* scratch);

/// With P = softmax(scale q k^T), computed again, dP = dy v^T: dv = P^T dy, dS = scale P (dP - rowsum(P dP)),
/// dq = dS k, dk = dS^T q.
template <typename T>
void attention_backward(const HeadShape& shape, const BackwardArrays<T>& arrays, int64_t kv_head, float* scratch);

}  // namespace videor1
