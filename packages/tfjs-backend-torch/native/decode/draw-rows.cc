// Shape letters: A rows, V vocabulary, T tokens of a row at most.
#include "draw-rows.h"

namespace videor1 {
namespace {

/** Index [A, 1] of the first weight at which the running sum exceeds uniform * sum. */
at::Tensor draw(const at::Tensor& weights, const at::Tensor& uniform) {
  const at::Tensor sums = weights.cumsum(1), total = sums.narrow(1, sums.size(1) - 1, 1);
  const at::Tensor limit = at::minimum(uniform * total, total * (1 - 1e-15));  // below the total, however it is rounded
  return sums.le(limit).sum(1, /*keepdim=*/true).clamp_max(sums.size(1) - 1);  // of logits that are not finite
}

/** The weights, 0 outside the nucleus: the fewest largest that hold the share top_p of the sum, of equal ones the first. */
at::Tensor nucleus_of(const at::Tensor& weights, const at::Tensor& scores, double top_p) {
  const at::Tensor target = weights.sum(1, /*keepdim=*/true) * top_p;
  const at::Tensor order = std::get<1>(at::sort(scores, /*stable=*/true, 1, /*descending=*/true));
  const at::Tensor sorted = weights.gather(1, order), sums = sorted.cumsum(1);
  const at::Tensor kept = sorted.masked_fill_((sums - sorted).ge(target), 0);
  return at::empty_like(weights).scatter_(1, order, kept);
}

/** Ids [A, 1] drawn by scores [A, V]. */
at::Tensor sample(const at::Tensor& scores, const at::Tensor& uniform, const SamplingOptions& options) {
  const at::Tensor wide = scores.to(at::kDouble);
  at::Tensor weights = ((wide - wide.amax(1, /*keepdim=*/true)) / options.temperature).exp();
  const int64_t V = weights.size(1), k = options.top_k;
  if (k > 0 && k < V) {
    weights = weights.masked_fill(weights.lt(std::get<0>(weights.topk(k, 1)).narrow(1, k - 1, 1)), 0);
  }
  return draw(options.top_p < 1 ? nucleus_of(weights, scores, options.top_p) : weights, uniform);
}

}  // namespace

void draw_rows(const at::Tensor& logits, const Rows& rows, const DrawInputs& inputs, const SamplingOptions& options) {
  const at::Tensor given = logits.to(at::kFloat), own = given.to(at::kDouble), log_sum = own.logsumexp(1, /*keepdim=*/true);
  at::Tensor scores = given;
  if (rows.seen.defined()) {
    const double penalty = options.repetition_penalty;
    const at::Tensor penalised = at::where(own.gt(0), own / penalty, own * penalty).to(at::kFloat);
    scores = at::where(rows.seen.to(at::kBool), penalised, given);
  }
  const auto each = [](const at::Tensor& state) { return state.unsqueeze(1); };
  const at::Tensor uniform = inputs.uniforms.gather(1, each(rows.counter.to(at::kLong).clamp_max(inputs.uniforms.size(1) - 1)));
  const at::Tensor ids = options.sample ? sample(scores, uniform, options) : scores.argmax(1, /*keepdim=*/true);
  const at::Tensor logps = (own.gather(1, ids) - log_sum).to(at::kFloat);

  const at::Tensor runs = rows.finished.eq(static_cast<int64_t>(kRuns)), moves = runs.to(at::kInt);
  const at::Tensor id = at::where(runs, ids.squeeze(1).to(at::kInt), rows.last_id);
  const at::Tensor column = each(rows.drawn.to(at::kLong).clamp_max(rows.ids.size(1) - 1));
  at::Tensor all_ids = rows.ids, all_logps = rows.logps;
  all_ids.scatter_(1, column, at::where(each(runs), each(id), all_ids.gather(1, column)));
  all_logps.scatter_(1, column, at::where(each(runs), logps, all_logps.gather(1, column)));
  for (at::Tensor state : {rows.drawn, rows.counter}) state.add_(moves);
  if (inputs.advance) {
    for (at::Tensor state : {rows.length, rows.position}) state.add_(moves);
  }
  at::Tensor last_id = rows.last_id, finished = rows.finished, seen = rows.seen;
  last_id.copy_(id);
  if (seen.defined()) seen.scatter_(1, each(id.to(at::kLong)), 1);
  const at::Tensor is_full = rows.drawn.ge(rows.limit).to(at::kInt).mul(static_cast<int64_t>(kFull));
  const at::Tensor is_stop = each(id).eq(inputs.stop_ids.unsqueeze(0)).any(1);
  const at::Tensor end = is_full.masked_fill(is_stop, static_cast<int64_t>(kStopped))
                             .masked_fill(log_sum.squeeze(1).isfinite().logical_not(), static_cast<int64_t>(kNotFinite));
  finished.copy_(at::where(runs, end, finished));
}

}  // namespace videor1
