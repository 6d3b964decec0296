// The compute-dtype policy, stated here and nowhere else.
//
// tfjs has one floating dtype, float32. Behind it a tensor lies in float32 or in bfloat16 (weights, activations,
// key/value caches); the ops meet both, also mixed. The fused kernels and the matrix products keep the rules below; the
// other kernels are ATen's, whose elementwise ops give float32 where one operand is float32.
//
// 1. Products of matrices run in bfloat16 as soon as one operand is bfloat16: they accumulate in float32 and round once.
// 2. Everything else reads its storage type, computes in float32 and rounds once, into the storage type of its first
//    operand: the statistics of norms, rotations, activations, attention scores and their softmax. (On a
//    GPU SwiGLU of bfloat16 rounds twice: ATen has no kernel for the product with silu.)
// 3. Log-probabilities, entropies, log-sum-exps and norms of gradients are float32 in storage too.
// 4. A gradient is stored as the operand that it belongs to, or in float32 where it is a sum over rows (a bias's). Such
//    sums, and those of gathered rows, add up in float32.
// 5. Training reads gradients as float32, and sums, clips and applies them in float32: AdamW, its moments, and the master
//    weights that it updates, of which the weights that compute are the upper half (split-float32.h).
#pragma once
#include <ATen/ATen.h>
#include "launches.h"

namespace videor1 {

/// Rule 1.
inline at::ScalarType product_type(const at::Tensor& a, const at::Tensor& b) {
  return a.scalar_type() == at::kBFloat16 || b.scalar_type() == at::kBFloat16 ? at::kBFloat16 : at::kFloat;
}

inline at::Tensor stored_as(const at::Tensor& x, at::ScalarType type) {
  return x.scalar_type() == type ? x : x.to(type);
}

inline at::Tensor as_float(const at::Tensor& x) { return stored_as(x, at::kFloat); }

inline at::Tensor like(const at::Tensor& x, const at::Tensor& operand) { return stored_as(x, operand.scalar_type()); }

/// Whether the loops over float32 arrays in CPU memory apply. Those over either storage type: storage.h.
inline bool is_cpu_float(const at::Tensor& x) { return !is_on_device(x) && x.scalar_type() == at::kFloat; }

}  // namespace videor1
