// Draws a token for each row in the steps of native/decode/sampling.cc: draw_largest and draw_weights share a row between
// blocks, draw_choose takes one block a row. Weights are float64, as there.
#include "border.cuh"

namespace videor1::cuda {

__device__ __forceinline__ float logit_of(const DrawArguments& a, int row, int id) {
  const long long at = static_cast<long long>(row) * a.vocabulary + id;
  return a.logits_are_float ? static_cast<const float*>(a.logits)[at] : float_of(static_cast<const bf16*>(a.logits)[at]);
}

/** The logit after the repetition penalty. */
__device__ __forceinline__ float score_of(const DrawArguments& a, int row, int id, float logit) {
  if (!a.seen || !a.seen[static_cast<long long>(row) * a.vocabulary + id]) return logit;
  return static_cast<float>(logit > 0 ? logit / a.penalty : logit * a.penalty);
}

struct Part {
  int begin, end;
};
__device__ __forceinline__ Part part_of(const DrawArguments& a, int part) {
  const int size = (a.vocabulary + a.parts - 1) / a.parts;
  return {part * size, min(a.vocabulary, (part + 1) * size)};
}

/** The largest logit, and the first id of the largest score, of a part of a row. */
VIDEOR1_KERNEL(draw_largest, DrawArguments, kDrawPartThreads, 1) {
  __shared__ float logits[kDrawPartThreads / kWarp], scores[kDrawPartThreads / kWarp];
  __shared__ int ids[kDrawPartThreads / kWarp];
  const int row = blockIdx.x, part = blockIdx.y;
  if (a.finished[row]) return;
  const Part range = part_of(a, part);
  float logit = -infinity(), score = -infinity();
  int id = a.vocabulary;
  const auto take = [&](float other, int from) {
    if (other > score || (other == score && from < id)) {
      score = other;
      id = from;
    }
  };
  for (int at = range.begin + threadIdx.x; at < range.end; at += kDrawPartThreads) {
    const float value = logit_of(a, row, at);
    logit = fmaxf(logit, value);
    take(score_of(a, row, at, value), at);
  }
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2) {
    logit = fmaxf(logit, __shfl_xor_sync(0xffffffffu, logit, distance));
    const float other = __shfl_xor_sync(0xffffffffu, score, distance);
    take(other, __shfl_xor_sync(0xffffffffu, id, distance));
  }
  const int warp = threadIdx.x / kWarp;
  if (threadIdx.x % kWarp == 0) {
    logits[warp] = logit;
    scores[warp] = score;
    ids[warp] = id;
  }
  __syncthreads();
  if (threadIdx.x != 0) return;
  for (int i = 1; i < kDrawPartThreads / kWarp; i++) {
    logit = fmaxf(logit, logits[i]);
    take(scores[i], ids[i]);
  }
  const int to = row * a.parts + part;
  a.largest_logit[to] = logit;
  a.largest_score[to] = score;
  a.largest_id[to] = id;
}

__device__ __forceinline__ float largest_of(const float* parts, int count) {
  float largest = parts[0];
  for (int i = 1; i < count; i++) largest = fmaxf(largest, parts[i]);
  return largest;
}

/** Weights of a part of a row, if tokens are sampled, and the sum of the weights under the model itself. */
VIDEOR1_KERNEL(draw_weights, DrawArguments, kDrawPartThreads, 1) {
  __shared__ double scratch[kDrawPartThreads / kWarp];
  const int row = blockIdx.x, part = blockIdx.y;
  if (a.finished[row]) return;
  const float logit = largest_of(a.largest_logit + row * a.parts, a.parts), score = largest_of(a.largest_score + row * a.parts, a.parts);
  const Part range = part_of(a, part);
  const bool is_own = a.temperature == 1 && !a.seen;  // one set of weights serves both
  double sum = 0;
  for (int at = range.begin + threadIdx.x; at < range.end; at += kDrawPartThreads) {
    const float value = logit_of(a, row, at);
    const double own = exp(static_cast<double>(value) - logit);
    sum += own;
    if (a.sample) {
      a.weights[static_cast<long long>(row) * a.vocabulary + at] =
          is_own ? own : exp((static_cast<double>(score_of(a, row, at, value)) - score) / a.temperature);
    }
  }
  sum = block_sum(sum, scratch);
  if (threadIdx.x == 0) a.own_sum[row * a.parts + part] = sum;
}

/** The n-th number in [0, 1) of a row: `uniform_at` of sampling.cc. @see Salmon et al. 2011, section 4.3 */
__device__ __forceinline__ double uniform_at(unsigned low, unsigned high, unsigned n) {
  unsigned counter[4] = {n, 0, 0, 0};
  for (int round = 0; round < 10; round++) {
    const unsigned a = counter[0], b = counter[2];
    counter[0] = __umulhi(0xcd9e8d57u, b) ^ counter[1] ^ low;
    counter[1] = 0xcd9e8d57u * b;
    counter[2] = __umulhi(0xd2511f53u, a) ^ counter[3] ^ high;
    counter[3] = 0xd2511f53u * a;
    low += 0x9e3779b9u;
    high += 0xbb67ae85u;
  }
  return ((counter[0] >> 5) * 67108864.0 + (counter[1] >> 6)) / 9007199254740992.0;
}

/** The first id at which the running sum of the kept weights exceeds u * their sum. Each warp has a part of the ids, in order. */
__device__ int drawn_of(const double* weights, int count, Border border, double u, Shared& shared) {
  const int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
  const int size = (count + kDrawThreads - 1) / kDrawThreads * kWarp, begin = warp * size, end = min(count, begin + size);
  double* sums = reinterpret_cast<double*>(shared.amounts);
  const auto weight_at = [&](int id) { return id < end ? weights[id] : 0.0; };
  unsigned ties = 0;
  for (int first = begin; first < end; first += kWarp) ties += bits_of(weight_at(first + lane)) == border.bits;
  ties = warp_sum(ties);
  if (lane == 0) shared.least[warp] = ties;
  __syncthreads();
  Bits before = 0;
  for (int i = 0; i < warp; i++) before += shared.least[i];
  const auto kept_at = [&](int id, Bits& tied) {
    const double weight = weight_at(id);
    const bool is_tie = bits_of(weight) == border.bits;
    const unsigned found = __ballot_sync(0xffffffffu, is_tie);
    const Bits rank = tied + __popc(found & ((1u << lane) - 1));
    tied += __popc(found);
    return bits_of(weight) > border.bits || (is_tie && rank < border.ties) ? weight : 0.0;
  };
  double sum = 0;
  Bits tied = before;
  for (int first = begin; first < end; first += kWarp) sum += kept_at(first + lane, tied);
  sum = warp_sum(sum);
  __syncthreads();
  if (lane == 0) sums[warp] = sum;
  __syncthreads();
  double total = 0;
  for (int i = 0; i < kDrawWarps; i++) total += sums[i];
  const double limit = u * total;
  double running = 0, until = 0;
  int chosen = -1, last = 0;
  for (int i = 0; i < kDrawWarps; i++) {
    if (sums[i] > 0) last = i;
    if (chosen < 0 && until + sums[i] > limit) {
      chosen = i;
      running = until;
    }
    until += sums[i];
  }
  if (chosen < 0) {  // by rounding
    chosen = last;
    running = total - sums[last];
  }
  if (warp == chosen) {
    int id = -1, last_kept = 0;
    tied = before;
    for (int first = begin; first < end && id < 0; first += kWarp) {
      const double kept = kept_at(first + lane, tied);
      double through = kept;
      for (int distance = 1; distance < kWarp; distance *= 2) {
        const double other = __shfl_up_sync(0xffffffffu, through, distance);
        if (lane >= distance) through += other;
      }
      const unsigned exceeds = __ballot_sync(0xffffffffu, kept > 0 && running + through > limit);
      const unsigned positive = __ballot_sync(0xffffffffu, kept > 0);
      if (positive) last_kept = first + 31 - __clz(static_cast<int>(positive));
      if (exceeds) id = first + __ffs(static_cast<int>(exceeds)) - 1;
      running += __shfl_sync(0xffffffffu, through, kWarp - 1);
    }
    if (lane == 0) shared.low = static_cast<Bits>(id < 0 ? last_kept : id);
  }
  __syncthreads();
  return static_cast<int>(shared.low);
}

/** Chooses a row's token and moves the row on. */
VIDEOR1_KERNEL(draw_choose, DrawArguments, kDrawThreads, 1) {
  __shared__ Shared shared;
  const int row = blockIdx.x;
  if (a.finished[row]) return;
  double own_sum = 0;
  for (int i = 0; i < a.parts; i++) own_sum += a.own_sum[row * a.parts + i];
  const double log_sum = largest_of(a.largest_logit + row * a.parts, a.parts) + log(own_sum);
  if (!(log_sum - log_sum == 0)) {
    if (threadIdx.x == 0) a.finished[row] = 3;
    return;
  }
  int id = a.vocabulary;
  if (a.sample) {
    const double* weights = a.weights + static_cast<long long>(row) * a.vocabulary;
    Border border = {1, ~Bits(0)};
    if (a.top_k > 0 && a.top_k < a.vocabulary) {
      border = border_of(weights, a.vocabulary, border.bits, 0, a.top_k, shared);
      border.ties = ~Bits(0);  // those that tie with the last stay
    }
    if (a.top_p < 1) {
      const Bits total = total_of(weights, a.vocabulary, border.bits, a.unit, shared);
      const Bits goal = static_cast<Bits>(ceil(a.top_p * static_cast<double>(total)));
      border = border_of(weights, a.vocabulary, border.bits, a.unit, max(goal, Bits(1)), shared);
    }
    const unsigned* seed = reinterpret_cast<const unsigned*>(a.seed) + 2 * row;
    id = drawn_of(weights, a.vocabulary, border, uniform_at(seed[0], seed[1], static_cast<unsigned>(a.counter[row])), shared);
  } else {
    float largest = -infinity();
    for (int i = 0; i < a.parts; i++) {  // parts are in the order of ids: the first largest stays
      if (id < a.vocabulary && a.largest_score[row * a.parts + i] <= largest) continue;
      largest = a.largest_score[row * a.parts + i];
      id = a.largest_id[row * a.parts + i];
    }
  }
  if (threadIdx.x != 0) return;
  const int drawn = a.drawn[row];
  if (drawn < a.capacity) {
    a.ids[static_cast<long long>(row) * a.capacity + drawn] = id;
    a.logps[static_cast<long long>(row) * a.capacity + drawn] = static_cast<float>(logit_of(a, row, id) - log_sum);
  }
  a.drawn[row] = drawn + 1;
  a.counter[row]++;
  a.last_id[row] = id;
  if (a.seen) a.seen[static_cast<long long>(row) * a.vocabulary + id] = 1;
  if (a.advance) {
    a.length[row]++;
    a.position[row]++;
  }
  if (drawn + 1 >= a.limit[row]) a.finished[row] = 2;
  for (int i = 0; i < a.stop_count; i++) {
    if (a.stops[i] == id) a.finished[row] = 1;
  }
}

}  // namespace videor1::cuda
