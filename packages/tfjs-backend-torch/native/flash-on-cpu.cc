#include "compute-dtype.h"
#include "flash.h"

namespace videor1 {
namespace {

/// Runs body(segment, its queries, its keys), each a place and a length.
struct Range {
  int64_t start, length;
};

template <typename Body>
void for_each_segment(const FlashSegments& segments, const at::Tensor& q, const at::Tensor& k, const Body& body) {
  const int64_t count = segments.queries.defined() ? segments.queries.numel() - 1 : q.size(0);
  const auto range = [&](const at::Tensor& borders, int64_t length, int64_t i) -> Range {
    if (!borders.defined()) return {i * length, length};
    const int32_t* at = borders.data_ptr<int32_t>() + i;
    return {at[0], at[1] - at[0]};
  };
  for (int64_t i = 0; i < count; i++) {
    const Range queries = range(segments.queries, q.size(1), i), keys = range(segments.keys, k.size(1), i);
    if (queries.length > 0 && keys.length > 0) body(queries, keys);
  }
}

/// x [B,T,N,H] or [P,N,H] as float32 [positions,N,H].
at::Tensor packed(const at::Tensor& x) { return as_float(x).reshape({-1, x.size(-2), x.size(-1)}); }

/// [N,L,H] of a range, each head of x as often as queries share it.
at::Tensor heads(const at::Tensor& x, const Range& range, int64_t N) {
  const at::Tensor part = x.narrow(0, range.start, range.length).transpose(0, 1);
  const int64_t group = N / part.size(0);
  return group == 1 ? part : part.repeat_interleave(group, 0);
}

/// Scores [N,T,S] of the keys that each query sees; -inf of the others.
at::Tensor scores(const at::Tensor& q, const at::Tensor& k, bool causal, double scale) {
  const at::Tensor all = at::matmul(q, k.transpose(1, 2)).mul_(scale);
  if (!causal) return all;
  const int64_t T = q.size(1), S = k.size(1);
  const at::Tensor unseen = at::ones({T, S}, all.options().dtype(at::kBool)).triu(S - T + 1);
  return all.masked_fill_(unseen, -std::numeric_limits<float>::infinity());
}

/// Sums over the heads of a group, [N,S,H] to [S,K,H].
at::Tensor over_groups(const at::Tensor& x, int64_t K) {
  return x.view({K, x.size(0) / K, x.size(1), x.size(2)}).sum(1).transpose(0, 1);
}

/// [N,P] as ATen stores it, for batches [B,N,T].
at::Tensor stored_lse(const at::Tensor& lse, const at::Tensor& q) {
  if (q.dim() == 3) return lse;
  return lse.view({lse.size(0), q.size(0), q.size(1)}).transpose(0, 1).contiguous();
}

at::Tensor packed_lse(const at::Tensor& lse) { return lse.dim() == 2 ? lse : lse.transpose(0, 1).reshape({lse.size(1), -1}); }

}  // namespace

FlashResult flash_forward_on_cpu(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const FlashSegments& segments,
                                 bool causal, double scale) {
  const at::Tensor wide_q = packed(q), wide_k = packed(k), wide_v = packed(v);
  const int64_t N = wide_q.size(1);
  const at::Tensor out = at::zeros(wide_q.sizes(), wide_q.options());
  const at::Tensor lse = at::zeros({N, wide_q.size(0)}, wide_q.options());
  for_each_segment(segments, q, k, [&](const Range& queries, const Range& keys) {
    const at::Tensor s = scores(heads(wide_q, queries, N), heads(wide_k, keys, N), causal, scale);
    out.narrow(0, queries.start, queries.length).copy_(at::matmul(at::softmax(s, -1), heads(wide_v, keys, N)).transpose(0, 1));
    lse.narrow(1, queries.start, queries.length).copy_(at::logsumexp(s, {-1}));
  });
  return {like(out, q).view(q.sizes()), stored_lse(lse, q)};
}

/// With P = e^(scores - lse): dv = P^T dy, dS = scale P (dy v^T - rowsum(dy out)), dq = dS k, dk = dS^T q.
Triple flash_backward_on_cpu(const at::Tensor& dy, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                             const FlashResult& result, const FlashSegments& segments, bool causal, double scale) {
  const at::Tensor wide_q = packed(q), wide_k = packed(k), wide_v = packed(v), slope = packed(dy);
  const at::Tensor products = slope.mul(packed(result.out)).sum(-1).t(), lse = packed_lse(result.lse);  // [N,P]
  const int64_t N = wide_q.size(1), K = wide_k.size(1);
  Triple grads = {at::zeros_like(wide_q), at::zeros_like(wide_k), at::zeros_like(wide_v)};
  for_each_segment(segments, q, k, [&](const Range& queries, const Range& keys) {
    const at::Tensor own_q = heads(wide_q, queries, N), own_k = heads(wide_k, keys, N), own_dy = heads(slope, queries, N);
    const auto of_rows = [&](const at::Tensor& x) { return x.narrow(1, queries.start, queries.length).unsqueeze(-1); };
    const at::Tensor p = scores(own_q, own_k, causal, scale).sub_(of_rows(lse)).exp_();
    const at::Tensor ds = at::matmul(own_dy, heads(wide_v, keys, N).transpose(1, 2)).sub_(of_rows(products)).mul_(p).mul_(scale);
    grads[0].narrow(0, queries.start, queries.length).copy_(at::matmul(ds, own_k).transpose(0, 1));
    grads[1].narrow(0, keys.start, keys.length).copy_(over_groups(at::matmul(ds.transpose(1, 2), own_q), K));
    grads[2].narrow(0, keys.start, keys.length).copy_(over_groups(at::matmul(p.transpose(1, 2), own_dy), K));
  });
  return {like(grads[0], q).view(q.sizes()), like(grads[1], k).view(k.sizes()), like(grads[2], v).view(v.sizes())};
}

}  // namespace videor1
