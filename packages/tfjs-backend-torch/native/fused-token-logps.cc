// Shape letters: T tokens, C rows of a chunk, d hidden size, V vocabulary. The [T, V] logits never exist whole.
#include <cmath>
#include <limits>
#include "fused.h"
#include "storage.h"
#include "torch-version.h"

namespace videor1 {
namespace {

struct RowStatistics {
  float lse, entropy;
};

/// logSumExp(scale z), and the entropy logSumExp - sum p scale z.
VIDEOR1_INLINE RowStatistics row_statistics(const float* z, int64_t V, float scale) {
  float top = -std::numeric_limits<float>::infinity();
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < V; i++) top = z[i] * scale > top ? z[i] * scale : top;
  float sum = 0, weighted = 0;
#pragma omp simd reduction(+ : sum, weighted)
  for (int64_t i = 0; i < V; i++) {
    const float below = z[i] * scale - top;
    const float e = exp_approximation(below);
    sum += e;
    weighted += e * below;
  }
  const float log_sum = std::log(sum);
  return {top + log_sum, log_sum - weighted / sum};
}

/// z = slope e^(scale z - lse)
VIDEOR1_INLINE void slope_row(float* z, int64_t V, float scale, float lse, float slope) {
#pragma omp simd
  for (int64_t i = 0; i < V; i++) z[i] = slope * exp_approximation(z[i] * scale - lse);
}

void check_ids(const at::Tensor& ids, int64_t V) {
  if (is_on_device(ids)) return;  // CUDA's own gather asserts the bounds
  const int32_t* at_ids = ids.data_ptr<int32_t>();
  for (int64_t t = 0; t < ids.numel(); t++) {
    TORCH_CHECK_INDEX(at_ids[t] >= 0 && at_ids[t] < V, "tokenLogps: ids[", t, "]=", at_ids[t], " must lie in [0, V=", V, ")");
  }
}

/// float32 logits of a chunk of rows.
at::Tensor logits(const at::Tensor& rows, const at::Tensor& weight) {
#if TORCH_AT_LEAST(2, 8)
  if (rows.is_cuda() && rows.scalar_type() == at::kBFloat16) return at::mm(rows, weight.t(), at::kFloat);
#endif
  return as_float(at::mm(rows, weight.t()));
}

struct Operands {
  at::Tensor hidden, weight, ids;
};

Operands operands(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& ids) {
  const at::ScalarType stored = product_type(hidden, weight);
  const at::ScalarType type = multiplies_wide(stored_as(hidden, stored)) ? at::kFloat : stored;
  const at::Tensor index = ids.to(at::kInt).contiguous();
  check_ids(index, weight.size(0));
  return {stored_as(hidden, type).contiguous(), stored_as(weight, type).contiguous(), index};
}

template <typename Run>
void for_each_chunk(int64_t T, int64_t chunk_size, const Run& run) {
  for (int64_t start = 0; start < T; start += chunk_size) run(start, std::min(chunk_size, T - start));
}

}  // namespace

Triple token_logps(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& ids,
                   const TokenLogpsOptions& options) {
  const Operands given = operands(hidden, weight, ids);
  const int64_t T = hidden.size(0), V = weight.size(0);
  const float scale = static_cast<float>(1 / options.temperature);
  const at::TensorOptions floats = hidden.options().dtype(at::kFloat);
  Triple out = {at::empty({T}, floats), at::empty({T}, floats), at::empty({T}, floats)};
  for_each_chunk(T, options.chunk_size, [&](int64_t start, int64_t C) {
    at::Tensor z = logits(given.hidden.narrow(0, start, C), given.weight);
    const at::Tensor chunk_ids = given.ids.narrow(0, start, C);
    if (is_on_device(z)) {
      const at::Tensor logp = at::log_softmax(z.mul_(scale), 1);
      out[0].narrow(0, start, C).copy_(logp.gather(1, chunk_ids.to(at::kLong).unsqueeze(1)).squeeze(1));
      out[2].narrow(0, start, C).copy_(z.gather(1, chunk_ids.to(at::kLong).unsqueeze(1)).squeeze(1));
      out[2].narrow(0, start, C).sub_(out[0].narrow(0, start, C));
      out[1].narrow(0, start, C).copy_(logp.exp().mul_(logp).sum(1).neg_());
      return;
    }
    const float* at_z = z.data_ptr<float>();
    const int32_t* at_ids = chunk_ids.data_ptr<int32_t>();
    float* at_logps = out[0].data_ptr<float>() + start;
    float* at_entropy = out[1].data_ptr<float>() + start;
    float* at_lse = out[2].data_ptr<float>() + start;
    split_rows(C, V, [&](int64_t first, int64_t last) {
      for (int64_t c = first; c < last; c++) {
        const RowStatistics row = cloned<row_statistics>(at_z + c * V, V, scale);
        at_logps[c] = at_z[c * V + at_ids[c]] * scale - row.lse;
        at_entropy[c] = row.entropy;
        at_lse[c] = row.lse;
      }
    });
  });
  return out;
}

/// dz = scale dy (onehot(id) - e^(scale z - lse)); dhidden = dz weight; dweight = dz^T hidden, summed in float32.
Pair token_logps_grad(const at::Tensor& hidden, const at::Tensor& weight, const at::Tensor& ids, const at::Tensor& lse,
                      const at::Tensor& dy, const TokenLogpsOptions& options) {
  const Operands given = operands(hidden, weight, ids);
  const int64_t T = hidden.size(0), V = weight.size(0);
  const float scale = static_cast<float>(1 / options.temperature);
  const at::Tensor slopes = as_float(dy).mul(scale).contiguous();
  at::Tensor dhidden = at::empty(given.hidden.sizes(), given.hidden.options());
  at::Tensor dweight;
  for_each_chunk(T, options.chunk_size, [&](int64_t start, int64_t C) {
    const at::Tensor rows = given.hidden.narrow(0, start, C);
    at::Tensor z = logits(rows, given.weight);
    const at::Tensor chunk_ids = given.ids.narrow(0, start, C), slope = slopes.narrow(0, start, C);
    if (!is_on_device(z)) {
      float* at_z = z.data_ptr<float>();
      const int32_t* at_ids = chunk_ids.data_ptr<int32_t>();
      const float* at_lse = lse.data_ptr<float>() + start;
      const float* at_slope = slope.data_ptr<float>();
      split_rows(C, V, [&](int64_t first, int64_t last) {
        for (int64_t c = first; c < last; c++) {
          cloned<slope_row>(at_z + c * V, V, scale, at_lse[c], -at_slope[c]);
          at_z[c * V + at_ids[c]] += at_slope[c];
        }
      });
    } else {
      z.mul_(scale).sub_(lse.narrow(0, start, C).unsqueeze(1)).exp_().mul_(slope.neg().unsqueeze(1));
      z.scatter_add_(1, chunk_ids.to(at::kLong).unsqueeze(1), slope.unsqueeze(1));
    }
    const at::Tensor dz = like(z, given.hidden);
    at::Tensor dhidden_rows = dhidden.narrow(0, start, C);
    at::mm_out(dhidden_rows, dz, given.weight);
    if (options.frozen_weight) return;
    if (!dweight.defined()) {
      dweight = at::mm(dz.t(), rows);
      if (C < T) dweight = as_float(dweight);
    } else if (dweight.scalar_type() == dz.scalar_type()) {
      dweight.addmm_(dz.t(), rows);
    } else {
      dweight.add_(at::mm(dz.t(), rows));
    }
  });
  return {like(dhidden, hidden), dweight.defined() ? like(dweight, weight) : dweight};
}

}  // namespace videor1
