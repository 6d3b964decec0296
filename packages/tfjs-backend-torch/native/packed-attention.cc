// Attention inside packed segments, of which some continue others: completions of a prompt, whose keys they share.
#include <algorithm>
#include "attention-sdpa.h"
#include "attention-tasks.h"
#include "flash.h"
#include "fused.h"

namespace videor1 {
namespace {

int64_t length_of(const std::vector<int64_t>& borders, int64_t i) { return borders[i + 1] - borders[i]; }

int64_t prefix_length(const PackedSegments& s, size_t i) {
  return s.prefix_of[i] < 0 ? 0 : length_of(s.keys, s.prefix_of[i]);
}

/// The borders of each segment's keys where they lie side by side, those of its prefix first.
std::vector<int64_t> joined_borders(const PackedSegments& s) {
  std::vector<int64_t> borders = {0};
  for (size_t i = 0; i < s.count(); i++) borders.push_back(borders[i] + prefix_length(s, i) + length_of(s.keys, i));
  return borders;
}

bool has_prefixes(const PackedSegments& s) { return s.first_with_prefix() < s.count(); }

/// Rows of x [S,K,H] as `joined_borders` has them.
at::Tensor joined(const at::Tensor& x, const PackedSegments& s) {
  if (!has_prefixes(s)) return x;
  std::vector<at::Tensor> parts;
  for (size_t i = 0; i < s.count(); i++) {
    if (s.prefix_of[i] >= 0) parts.push_back(x.narrow(0, s.keys[s.prefix_of[i]], prefix_length(s, i)));
    parts.push_back(x.narrow(0, s.keys[i], length_of(s.keys, i)));
  }
  return at::cat(parts);
}

/// The gradient of x from that of `joined(x)`; what several segments share adds up in their order, in float32.
at::Tensor taken_apart(const at::Tensor& grad, const at::Tensor& x, const PackedSegments& s) {
  if (!has_prefixes(s)) return like(grad, x);
  const std::vector<int64_t> borders = joined_borders(s);
  const at::Tensor total = at::empty(x.sizes(), grad.options().dtype(at::kFloat));
  for (size_t i = 0; i < s.count(); i++) {
    const int64_t before = prefix_length(s, i), own = length_of(s.keys, i);
    if (before > 0) total.narrow(0, s.keys[s.prefix_of[i]], before).add_(grad.narrow(0, borders[i], before));
    total.narrow(0, s.keys[i], own).copy_(grad.narrow(0, borders[i] + before, own));
  }
  return like(total, x);
}

/// Runs body(shape, first float of its queries, of its keys, kv_head, scratch) for each segment that has both.
template <typename Body>
void for_each_head(const at::Tensor& q, int64_t K, const PackedSegments& s, const Body& body) {
  const std::vector<int64_t> borders = joined_borders(s);
  const int64_t N = q.size(1), H = q.size(2);
  const auto shape_of = [&](int64_t T, int64_t S) -> HeadShape { return {T, S, N, K, H, s.causal, static_cast<float>(s.scale)}; };
  int64_t most_queries = 0, most_keys = 0;
  for (size_t i = 0; i < s.count(); i++) {
    most_queries = std::max(most_queries, length_of(s.queries, i));
    most_keys = std::max(most_keys, length_of(borders, i));
  }
  const int64_t tasks = static_cast<int64_t>(s.count()) * K;
  for_each_task(tasks, attention_scratch(shape_of(most_queries, most_keys)), [&](int64_t task, float* scratch) {
    const int64_t i = task / K;
    const HeadShape shape = shape_of(length_of(s.queries, i), length_of(borders, i));
    if (shape.T > 0 && shape.S > 0) body(shape, s.queries[i] * N * H, borders[i] * K * H, task % K, scratch);
  });
}

/// Queries of the segments with a prefix, as parts of the queries and of the keys that flash attention takes.
struct PrefixPart {
  int64_t first_query, queries, keys;
  FlashSegments segments;

  at::Tensor of_queries(const at::Tensor& x) const { return x.narrow(0, first_query, queries); }
  at::Tensor of_keys(const at::Tensor& x) const { return x.narrow(0, 0, keys); }
  FlashResult of_result(const Attended& x) const { return {of_queries(x.y), x.lse.narrow(1, first_query, queries)}; }
};

PrefixPart prefix_part(const PackedSegments& s, const at::Tensor& q) {
  const size_t first = s.first_with_prefix();
  const int64_t first_query = s.queries[first];
  std::vector<int64_t> queries(first + 1, 0);
  for (size_t i = first; i < s.count(); i++) queries[s.prefix_of[i] + 1] = s.queries[i + 1] - first_query;
  for (size_t p = 1; p <= first; p++) queries[p] = std::max(queries[p], queries[p - 1]);
  const std::vector<int64_t> keys(s.keys.begin(), s.keys.begin() + static_cast<int64_t>(first) + 1);
  return {first_query, s.queries.back() - first_query, keys.back(), flash_segments(queries, keys, q)};
}

Attended by_flash(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const PackedSegments& s) {
  const FlashResult own = flash_forward(q, k, v, flash_segments(s.queries, s.keys, q), s.causal, s.scale);
  const Attended attended{own.out, own.lse};
  if (has_prefixes(s)) {
    const PrefixPart part = prefix_part(s, q);
    merge_into(part.of_result(attended),
               flash_forward(part.of_queries(q), part.of_keys(k), part.of_keys(v), part.segments, false, s.scale));
  }
  return attended;
}

/// Each call gives the gradients of its own keys' part in the whole softmax.
Triple by_flash_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy, const Attended& attended,
                     const PackedSegments& s) {
  const at::Tensor slope = like(dy, q).contiguous();
  const Triple grads = flash_backward(slope, q, k, v, {attended.y, attended.lse}, flash_segments(s.queries, s.keys, q), s.causal, s.scale);
  if (has_prefixes(s)) {
    const PrefixPart part = prefix_part(s, q);
    FlashResult result = part.of_result(attended);
    result.lse = result.lse.contiguous();
    const Triple before = flash_backward(part.of_queries(slope), part.of_queries(q), part.of_keys(k), part.of_keys(v), result,
                                         part.segments, false, s.scale);
    part.of_queries(grads[0]).add_(before[0]);
    part.of_keys(grads[1]).add_(before[1]);
    part.of_keys(grads[2]).add_(before[2]);
  }
  return grads;
}

}  // namespace

Attended packed_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const PackedSegments& segments) {
  if (is_on_device(q)) {
    if (takes_flash(q, k, false)) return by_flash(q, k, v, segments);
    if (!counts_launches()) return {packed_attention_sdpa(q, k, v, segments), {}};
    const Launch launch("aten::scaled_dot_product_attention");
    return packed_attention(q, k, v, segments);
  }
  const Operands in = operands(q, joined(k, segments), joined(v, segments));
  at::Tensor out = at::zeros(in.q.sizes(), in.q.options());
  by_storage(in.q, [&](auto kind) {
    using T = decltype(kind);
    const T *at_q = stored_data<T>(in.q), *at_k = stored_data<T>(in.k), *at_v = stored_data<T>(in.v);
    T* at_out = stored_data<T>(out);
    for_each_head(in.q, k.size(1), segments, [&](const HeadShape& shape, int64_t in_q, int64_t in_k, int64_t kv_head, float* scratch) {
      const ForwardArrays<T> arrays{at_q + in_q, at_k + in_k, at_v + in_k, nullptr, at_out + in_q};
      attention_forward(shape, arrays, kv_head, scratch);
    });
  });
  return {like(out, q), {}};
}

Triple packed_attention_grad(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& dy,
                             const Attended& attended, const PackedSegments& segments) {
  if (attended.lse.defined()) return by_flash_grad(q, k, v, dy, attended, segments);
  if (is_on_device(q)) {
    if (!counts_launches()) return packed_attention_sdpa_grad(q, k, v, dy, segments);
    const Launch launch("aten::scaled_dot_product_attention and its gradient", 4);
    return packed_attention_grad(q, k, v, dy, attended, segments);
  }
  const Operands in = operands(q, joined(k, segments), joined(v, segments));
  const at::Tensor slope = like(dy, in.q).contiguous();
  at::Tensor dq = at::zeros(in.q.sizes(), in.q.options());
  at::Tensor dk = at::zeros(in.k.sizes(), in.k.options()), dv = at::zeros(in.v.sizes(), in.v.options());
  by_storage(in.q, [&](auto kind) {
    using T = decltype(kind);
    const T *at_q = stored_data<T>(in.q), *at_k = stored_data<T>(in.k), *at_v = stored_data<T>(in.v);
    const T* at_dy = stored_data<T>(slope);
    T *at_dq = stored_data<T>(dq), *at_dk = stored_data<T>(dk), *at_dv = stored_data<T>(dv);
    for_each_head(in.q, k.size(1), segments, [&](const HeadShape& shape, int64_t in_q, int64_t in_k, int64_t kv_head, float* scratch) {
      const BackwardArrays<T> arrays{at_q + in_q, at_k + in_k, at_v + in_k, at_dy + in_q, nullptr,
                                     at_dq + in_q, at_dk + in_k, at_dv + in_k};
      attention_backward(shape, arrays, kv_head, scratch);
    });
  });
  return {like(dq, q), taken_apart(dk, k, segments), taken_apart(dv, v, segments)};
}

}  // namespace videor1
