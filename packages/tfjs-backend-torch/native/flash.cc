#include "flash.h"
#include <algorithm>
#include <list>
#include "launches.h"
#include "torch-version.h"

namespace videor1 {
namespace {

int64_t longest(const std::vector<int64_t>& offsets) {
  int64_t length = 0;
  for (size_t i = 1; i < offsets.size(); i++) length = std::max(length, offsets[i] - offsets[i - 1]);
  return length;
}

/// The lists of one pass come again in every layer.
at::Tensor on_device(const std::vector<int64_t>& offsets, const at::Tensor& like) {
  struct Known {
    c10::Device device;
    std::vector<int64_t> offsets;
    at::Tensor borders;
  };
  constexpr size_t kKept = 16;
  static thread_local std::list<Known> known;  // the last used first
  for (auto it = known.begin(); it != known.end(); ++it) {
    if (it->device != like.device() || it->offsets != offsets) continue;
    known.splice(known.begin(), known, it);
    return known.front().borders;
  }
  const std::vector<int32_t> narrow(offsets.begin(), offsets.end());
  count_host_write(static_cast<int64_t>(4 * narrow.size()));
  known.push_front({like.device(), offsets, at::tensor(narrow, at::TensorOptions().dtype(at::kInt)).to(like.device())});
  if (known.size() > kKept) known.pop_back();
  return known.front().borders;
}

#if TORCH_AT_LEAST(2, 5)

FlashResult call_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashSegments& segments, bool causal,
                         double scale) {
  const bool is_packed = segments.queries.defined();
  const auto borders = [&](const at::Tensor& x) { return is_packed ? c10::make_optional(x) : c10::nullopt; };
  // With one query a segment at most, ATen would lay q out anew by groups of heads, for segments that are all of one query.
  const int64_t T = is_packed ? std::max<int64_t>(2, segments.longest_queries) : q.size(1);
  const int64_t S = is_packed ? segments.longest_keys : k.size(1);
  const auto result = at::_flash_attention_forward(q, k, v, borders(segments.queries), borders(segments.keys), T, S, /*dropout_p=*/0,
                                                   causal, /*return_debug_mask=*/false, scale);
  return {std::get<0>(result), std::get<1>(result)};
}

/// Whether this GPU (Ampere or newer) and this libtorch have it, with log-sum-exps [N,P] of packed segments: one call tells.
bool has_flash(const at::Tensor& like) {
  static const bool has = [&] {
    try {
      const at::Tensor x = at::zeros({2, 1, 8}, like.options());
      return call_forward(x, x, x, flash_segments({0, 1, 2}, {0, 1, 2}, x), false, 1).lse.sizes() == at::IntArrayRef({1, 2});
    } catch (const c10::Error&) {
      return false;
    }
  }();
  return has;
}

#endif

}  // namespace

FlashSegments flash_segments(const std::vector<int64_t>& queries, const std::vector<int64_t>& keys, const at::Tensor& like) {
  return {on_device(queries, like), on_device(keys, like), longest(queries), longest(keys)};
}

bool is_flash_case(at::ScalarType type, int64_t head_dim, bool has_mask) {
  return type == at::kBFloat16 && head_dim % 8 == 0 && head_dim <= 256 && !has_mask;
}

bool takes_flash(const at::Tensor& q, const at::Tensor& k, bool has_mask) {
  if (k.scalar_type() != q.scalar_type() || !is_flash_case(q.scalar_type(), q.size(-1), has_mask)) return false;
  if (counts_launches()) return true;
#if TORCH_AT_LEAST(2, 5)
  return q.is_cuda() && has_flash(q);
#else
  return false;
#endif
}

FlashResult flash_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashSegments& segments, bool causal,
                          double scale) {
  if (counts_launches()) {
    const Launch launch("aten::_flash_attention_forward");
    return flash_forward_on_cpu(q, k, v, segments, causal, scale);
  }
#if TORCH_AT_LEAST(2, 5)
  return call_forward(q, k, v, segments, causal, scale);
#else
  TORCH_CHECK(false, "flash attention needs libtorch 2.5 or newer; this is ", TORCH_VERSION);
#endif
}

Triple flash_backward(const at::Tensor& dy, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashResult& result,
                      const FlashSegments& segments, bool causal, double scale) {
  if (counts_launches()) {
    // Rows of dy out, the products, dq from float32; with grouped heads dk and dv are sums over each group.
    const Launch launch("aten::_flash_attention_backward", q.size(-2) == k.size(-2) ? 3 : 5);
    return flash_backward_on_cpu(dy, q, k, v, result, segments, causal, scale);
  }
#if TORCH_AT_LEAST(2, 5)
  const bool is_packed = segments.queries.defined();
  const int64_t T = is_packed ? std::max<int64_t>(2, segments.longest_queries) : q.size(1);
  const int64_t S = is_packed ? segments.longest_keys : k.size(1);
  const at::Tensor unused = at::empty({}, q.options().dtype(at::kLong));  // the state of dropout
  const auto [dq, dk, dv] = at::_flash_attention_backward(dy.contiguous(), q, k, v, result.out, result.lse, segments.queries,
                                                          segments.keys, T, S, /*dropout_p=*/0, causal, unused, unused, scale);
  return {dq, dk, dv};
#else
  TORCH_CHECK(false, "flash attention needs libtorch 2.5 or newer; this is ", TORCH_VERSION);
#endif
}

/// With w = sigmoid(lse_b - lse_a): out = (1 - w) out_a + w out_b in float32, rounded once; lse = log(e^lse_a + e^lse_b).
void merge_into(const FlashResult& a, const FlashResult& b) {
  const auto of_positions = [](const at::Tensor& x) { return x.transpose(0, 1).unsqueeze(2); };  // [N,P] to [P,N,1]
  const at::Tensor share = at::sigmoid(b.lse.sub(a.lse)), rest = at::rsub(share, 1);
  at::Tensor out = a.out, lse = a.lse;
  at::add_out(out, a.out.mul(of_positions(rest)), b.out.mul(of_positions(share)));
  at::logaddexp_out(lse, a.lse, b.lse);
}

}  // namespace videor1
