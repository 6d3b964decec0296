// Shape letters: A rows, V vocabulary, C candidates.
#include "draw-rows.h"
#include <algorithm>

namespace videor1 {
namespace {

constexpr int64_t kCandidates = 4096;

/// Index [A, 1] of the first weight at which the running sum exceeds uniform * sum.
at::Tensor draw(const at::Tensor& weights, const at::Tensor& uniform) {
  const at::Tensor sums = weights.cumsum(1), total = sums.narrow(1, sums.size(1) - 1, 1);
  const at::Tensor limit = at::minimum(uniform * total, total * (1 - 1e-15));  // below the total, however it is rounded
  return sums.le(limit).sum(1, /*keepdim=*/true).clamp_max(sums.size(1) - 1);  // of logits that are not finite
}

struct Nucleus {
  at::Tensor ids, weights;  // [A, C], by ascending id; weight 0 outside the nucleus
  at::Tensor whole;         // bool [A, 1]: whether C candidates were enough
};

Nucleus nucleus_of(const at::Tensor& weights, double top_p) {
  const int64_t V = weights.size(1), C = std::min(V, kCandidates);
  const at::Tensor target = weights.sum(1, /*keepdim=*/true) * top_p;
  const auto [largest, largest_ids] = weights.topk(C, 1);
  const at::Tensor sums = largest.cumsum(1);
  const at::Tensor kept = largest.masked_fill((sums - largest).ge(target), 0);
  const auto [ids, order] = largest_ids.sort(1);
  const at::Tensor whole = C == V ? at::ones_like(target, at::kBool) : sums.narrow(1, C - 1, 1).ge(target);
  return {ids, kept.gather(1, order), whole};
}

}  // namespace

at::Tensor draw_rows(const at::Tensor& logits, const at::Tensor& uniform, const at::Tensor& seen,
                     const SamplingOptions& options) {
  const at::Tensor own = logits.to(at::kDouble), log_sum = own.logsumexp(1, /*keepdim=*/true);
  at::Tensor scores = own, holds = log_sum.isfinite(), ids;
  if (seen.defined()) {
    const double penalty = options.repetition_penalty;
    const at::Tensor penalised = at::where(own.gt(0), own / penalty, own * penalty).to(at::kFloat).to(at::kDouble);
    scores = at::where(seen, penalised, own);
  }
  if (!options.sample) {
    ids = scores.argmax(1, /*keepdim=*/true);
  } else {
    at::Tensor weights = ((scores - scores.amax(1, /*keepdim=*/true)) / options.temperature).exp();
    const int64_t V = weights.size(1), k = options.top_k;
    if (k > 0 && k < V) {
      weights = weights.masked_fill(weights.lt(std::get<0>(weights.topk(k, 1)).narrow(1, k - 1, 1)), 0);
    }
    if (options.top_p < 1) {
      const Nucleus nucleus = nucleus_of(weights, options.top_p);
      ids = nucleus.ids.gather(1, draw(nucleus.weights, uniform));
      holds = holds.logical_and(nucleus.whole);
    } else {
      ids = draw(weights, uniform);
    }
  }
  return at::cat({ids.to(at::kDouble), own.gather(1, ids) - log_sum, holds.to(at::kDouble)}, 1);
}

}  // namespace videor1
