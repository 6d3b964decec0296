// The gradients come from ATen's autograd, whose calls are stable where those of the kernels beneath changed with almost
// every version. It costs a second forward pass of the attention alone: the engine's op saves its inputs only.
#include "attention-sdpa.h"
#include <map>
#include "compute-dtype.h"
#include "torch-version.h"
#if TORCH_AT_LEAST(2, 1)
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#endif

namespace videor1 {

#if TORCH_AT_LEAST(2, 1)

namespace {

/// Which keys are seen, [B,1,T,S]; `blind` [B,T,1,1] marks queries that see none: these see all, and are set to 0.
struct Sight {
  at::Tensor seen, blind;
  bool causal;
};

Sight sight(const at::Tensor& q, const at::Tensor& mask, const AttentionOptions& options) {
  const int64_t T = q.size(1), S = options.key_count;
  const bool causal = options.causal && T > 1;
  if (!mask.defined() && (!causal || T == S)) return {{}, {}, causal};
  at::Tensor seen = at::ones({1, 1, T, S}, q.options().dtype(at::kBool));
  if (causal) seen = seen.tril(S - T);
  if (mask.defined()) seen = seen.logical_and(mask.narrow(1, 0, S).ne(0).unsqueeze(1).unsqueeze(1));
  const at::Tensor blind = seen.any(-1, true).logical_not();
  return {seen.logical_or(blind), blind.transpose(1, 2), false};
}

/// [B,T,N,H] from [B,T,N,H] and [B,S,K,H].
at::Tensor product(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const Sight& sight, double scale) {
  const int64_t group = q.size(2) / k.size(2);
  const c10::optional<at::Tensor> seen = sight.seen.defined() ? c10::make_optional(sight.seen) : c10::nullopt;
  const auto heads = [](const at::Tensor& x) { return x.transpose(1, 2); };
#if TORCH_AT_LEAST(2, 5)
  // Only the flash kernels group heads, and they take neither masks nor float32.
  if (group > 1 && !sight.seen.defined() && q.scalar_type() == at::kBFloat16) {
    const at::Tensor y = at::scaled_dot_product_attention(heads(q), heads(k), heads(v), seen, 0, sight.causal, scale, true);
    return heads(y);
  }
#endif
  const auto repeated = [&](const at::Tensor& x) { return group == 1 ? x : x.repeat_interleave(group, 2); };
  return heads(at::scaled_dot_product_attention(heads(q), heads(repeated(k)), heads(repeated(v)), seen, 0, sight.causal, scale));
}

/// A tensor over the same memory that autograd may record; the backend's own are inference tensors.
at::Tensor recordable(const at::Tensor& x) {
  return at::from_blob(x.data_ptr(), x.sizes(), x.strides(), [x](void*) {}, x.options());
}

struct Operands {
  at::Tensor q, k, v;
};

Operands operands(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const at::ScalarType type = product_type(q, k);
  return {stored_as(q, type).contiguous(), stored_as(k, type).contiguous(), stored_as(v, type).contiguous()};
}

at::Tensor run(const Operands& in, const Sight& sight, double scale) {
  const at::Tensor y = product(in.q, in.k, in.v, sight, scale).contiguous();
  return sight.blind.defined() ? y.masked_fill(sight.blind, 0) : y;
}

Triple run_grad(const Operands& in, const at::Tensor& dy, const Sight& sight, double scale) {
  const at::Tensor slope = sight.blind.defined() ? dy.masked_fill(sight.blind, 0) : dy.contiguous();
  const c10::InferenceMode ordinary(false);
  const c10::AutoGradMode recording(true);
  const auto leaf = [](const at::Tensor& x) { return recordable(x).requires_grad_(true); };
  const at::Tensor q = leaf(in.q), k = leaf(in.k), v = leaf(in.v);
  const Sight alias{sight.seen.defined() ? recordable(sight.seen) : at::Tensor(), {}, sight.causal};
  const at::Tensor y = product(q, k, v, alias, scale);
  const auto grads = torch::autograd::grad({y}, {q, k, v}, {recordable(like(slope, in.q))});
  return {grads[0].detach().contiguous(), grads[1].detach().contiguous(), grads[2].detach().contiguous()};
}

/// The positions of all segments of one length.
using Positions = std::map<int64_t, std::vector<int64_t>>;

Positions by_length(const std::vector<int64_t>& offsets) {
  Positions positions;
  for (size_t i = 1; i < offsets.size(); i++) {
    std::vector<int64_t>& list = positions[offsets[i] - offsets[i - 1]];
    for (int64_t p = offsets[i - 1]; p < offsets[i]; p++) list.push_back(p);
  }
  positions.erase(0);
  return positions;
}

at::Tensor index_of(const std::vector<int64_t>& positions, const at::Tensor& x) {
  return at::tensor(positions, at::TensorOptions().dtype(at::kLong)).to(x.device());
}

/// Rows `index` of x [P,N,H] as [segments, length, N, H].
at::Tensor segments(const at::Tensor& x, const at::Tensor& index, int64_t length) {
  return x.index_select(0, index).view({-1, length, x.size(1), x.size(2)});
}

}  // namespace

at::Tensor attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& mask,
                          const AttentionOptions& options) {
  const auto used = [&](const at::Tensor& x) { return x.narrow(1, 0, options.key_count); };
  return like(run(operands(q, used(k), used(v)), sight(q, mask, options), options.scale), q);
}

Triple attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                           const at::Tensor& mask, const AttentionOptions& options) {
  const auto used = [&](const at::Tensor& x) { return x.narrow(1, 0, options.key_count); };
  const Triple grads = run_grad(operands(q, used(k), used(v)), dy, sight(q, mask, options), options.scale);
  const auto widened = [&](const at::Tensor& grad, const at::Tensor& x) {
    if (options.key_count == x.size(1)) return like(grad, x);
    at::Tensor whole = at::zeros_like(x);
    used(whole).copy_(grad);
    return whole;
  };
  return {like(grads[0], q), widened(grads[1], k), widened(grads[2], v)};
}

at::Tensor varlen_attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                 const std::vector<int64_t>& offsets, double scale) {
  at::Tensor out = at::empty_like(q);
  for (const auto& [length, positions] : by_length(offsets)) {
    const at::Tensor index = index_of(positions, q);
    const auto part = [&, length = length](const at::Tensor& x) { return segments(x, index, length); };
    const at::Tensor y = run(operands(part(q), part(k), part(v)), {{}, {}, false}, scale);
    out.index_copy_(0, index, like(y.flatten(0, 1), q));
  }
  return out;
}

Triple varlen_attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                                  const std::vector<int64_t>& offsets, double scale) {
  Triple out = {at::empty_like(q), at::empty_like(k), at::empty_like(v)};
  for (const auto& [length, positions] : by_length(offsets)) {
    const at::Tensor index = index_of(positions, q);
    const auto part = [&, length = length](const at::Tensor& x) { return segments(x, index, length); };
    const Triple grads = run_grad(operands(part(q), part(k), part(v)), part(dy), {{}, {}, false}, scale);
    for (int i = 0; i < 3; i++) out[i].index_copy_(0, index, like(grads[i].flatten(0, 1), out[i]));
  }
  return out;
}

#else

namespace {
[[noreturn]] void unsupported() {
  TORCH_CHECK(false, "attention on a device other than the CPU needs libtorch 2.1 or newer; this is ", TORCH_VERSION);
}
}  // namespace

at::Tensor attention_sdpa(const at::Tensor&, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                          const AttentionOptions&) {
  unsupported();
}
Triple attention_sdpa_grad(const at::Tensor&, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                           const at::Tensor&, const AttentionOptions&) {
  unsupported();
}
at::Tensor varlen_attention_sdpa(const at::Tensor&, const at::Tensor&, const at::Tensor&, const std::vector<int64_t>&,
                                 double) {
  unsupported();
}
Triple varlen_attention_sdpa_grad(const at::Tensor&, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                                  const std::vector<int64_t>&, double) {
  unsupported();
}

#endif

}  // namespace videor1
