// The gradients come from ATen's autograd, at the cost of a second forward pass of the attention: what flash attention does not
// take, float32 and masks, is rare in training.
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
at::Tensor rows_of(const at::Tensor& x, const at::Tensor& index, int64_t length) {
  return x.index_select(0, index).view({-1, length, x.size(1), x.size(2)});
}

/// Segments that see their own keys alone, which are as many as their queries.
bool is_plain(const PackedSegments& s) { return s.queries == s.keys && s.first_with_prefix() == s.count(); }

/// Where one segment and its keys lie.
struct SegmentKeys {
  int64_t query, queries, key, keys, prefix, prefix_keys;

  /// [1,T,N,H] of x [P,N,H].
  at::Tensor of_queries(const at::Tensor& x) const { return x.narrow(0, query, queries).unsqueeze(0); }

  /// [1,S,K,H]: the keys of the prefix, if there is one, then its own.
  at::Tensor joined(const at::Tensor& x) const {
    const at::Tensor own = x.narrow(0, key, keys);
    return (prefix_keys > 0 ? at::cat({x.narrow(0, prefix, prefix_keys), own}) : own).unsqueeze(0);
  }

  /// Adds x, of the shape of `joined`, where its rows come from.
  void add(const at::Tensor& x, const at::Tensor& total) const {
    total.narrow(0, key, keys).add_(x[0].narrow(0, prefix_keys, keys));
    if (prefix_keys > 0) total.narrow(0, prefix, prefix_keys).add_(x[0].narrow(0, 0, prefix_keys));
  }
};

template <typename Body>
void for_each_segment(const PackedSegments& s, const Body& body) {
  for (size_t i = 0; i < s.count(); i++) {
    const int64_t of = s.prefix_of[i];
    const SegmentKeys own{s.queries[i], s.queries[i + 1] - s.queries[i], s.keys[i], s.keys[i + 1] - s.keys[i],
                          of < 0 ? 0 : s.keys[of], of < 0 ? 0 : s.keys[of + 1] - s.keys[of]};
    if (own.queries > 0) body(own);
  }
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

at::Tensor packed_attention_sdpa(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const PackedSegments& segments) {
  at::Tensor out = at::empty_like(q);
  if (is_plain(segments)) {
    for (const auto& [length, positions] : by_length(segments.queries)) {
      const at::Tensor index = index_of(positions, q);
      const auto part = [&, length = length](const at::Tensor& x) { return rows_of(x, index, length); };
      const at::Tensor y = run(operands(part(q), part(k), part(v)), {{}, {}, segments.causal && length > 1}, segments.scale);
      out.index_copy_(0, index, like(y.flatten(0, 1), q));
    }
    return out;
  }
  for_each_segment(segments, [&](const SegmentKeys& own) {
    const at::Tensor own_k = own.joined(k);
    const AttentionOptions options{segments.causal, own_k.size(1), segments.scale};
    own.of_queries(out).copy_(attention_sdpa(own.of_queries(q), own_k, own.joined(v), {}, options));
  });
  return out;
}

Triple packed_attention_sdpa_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                                  const PackedSegments& segments) {
  Triple out = {at::empty_like(q), at::zeros_like(k), at::zeros_like(v)};
  if (is_plain(segments)) {
    for (const auto& [length, positions] : by_length(segments.queries)) {
      const at::Tensor index = index_of(positions, q);
      const auto part = [&, length = length](const at::Tensor& x) { return rows_of(x, index, length); };
      const Sight sight{{}, {}, segments.causal && length > 1};
      const Triple grads = run_grad(operands(part(q), part(k), part(v)), part(dy), sight, segments.scale);
      for (int i = 0; i < 3; i++) out[i].index_copy_(0, index, like(grads[i].flatten(0, 1), out[i]));
    }
    return out;
  }
  for_each_segment(segments, [&](const SegmentKeys& own) {
    const at::Tensor own_k = own.joined(k);
    const AttentionOptions options{segments.causal, own_k.size(1), segments.scale};
    const Triple grads = attention_sdpa_grad(own.of_queries(q), own_k, own.joined(v), own.of_queries(dy), {}, options);
    own.of_queries(out[0]).copy_(grads[0]);
    own.add(grads[1], out[1]);
    own.add(grads[2], out[2]);
  });
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
at::Tensor packed_attention_sdpa(const at::Tensor&, const at::Tensor&, const at::Tensor&, const PackedSegments&) { unsupported(); }
Triple packed_attention_sdpa_grad(const at::Tensor&, const at::Tensor&, const at::Tensor&, const at::Tensor&, const PackedSegments&) {
  unsupported();
}

#endif

}  // namespace videor1
