// Which of a row's weights are kept: by the bits of the weight, a positive number's bits being in its order, without sorting.
// Bins of a range are counted, then bins of the bin that holds the border; sums are integers, which come out the same in whatever
// order threads add.
#pragma once
#include "device.cuh"

namespace videor1::cuda {

using Bits = unsigned long long;

constexpr int kBins = 2048;
constexpr int kDrawWarps = kDrawThreads / kWarp;

/** What a block of draw_choose shares. */
struct Shared {
  Bits amounts[kBins];
  Bits least[kDrawWarps], most[kDrawWarps];
  Bits low, high, above;  // the border lies in [low, high); the amount of larger weights
  bool is_below;
};

__device__ __forceinline__ Bits bits_of(double weight) { return static_cast<Bits>(__double_as_longlong(weight)); }

/** A weight's share: 1, or the weight in units of 2^-scale. */
__device__ __forceinline__ Bits amount_of(double weight, double unit) { return unit == 0 ? 1 : static_cast<Bits>(weight * unit + 0.5); }

/** Weights above `bits` are kept, and of those equal to it the first `ties`. */
struct Border {
  Bits bits;
  Bits ties;
};

/**
 * The border of the fewest largest weights whose amounts reach `goal`, of those with bits >= floor; all of them if they do not.
 * All threads get the same.
 */
__device__ Border border_of(const double* weights, int count, Bits floor, double unit, Bits goal, Shared& shared) {
  const int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp;
  const Bits end = bits_of(1.0) + 1, split = bits_of(1.0 / 4294967296.0);
  __syncthreads();
  if (threadIdx.x == 0) {
    shared.low = max(floor, split);  // first the heavy ones: small ones would all meet in few bins
    shared.high = end;
    shared.above = 0;
  }
  __syncthreads();
  for (;;) {
    const Bits low = shared.low, high = shared.high, above = shared.above;
    int shift = 0;
    while (high - low - 1 >> shift >= kBins) shift++;
    for (int bin = threadIdx.x; bin < kBins; bin += kDrawThreads) shared.amounts[bin] = 0;
    __syncthreads();
    Bits least = end, most = 0;
    for (int id = threadIdx.x; id < count; id += kDrawThreads) {
      const double weight = weights[id];
      const Bits bits = bits_of(weight);
      if (bits < low || bits >= high) continue;
      least = min(least, bits);
      most = max(most, bits);
      atomicAdd(&shared.amounts[bits - low >> shift], amount_of(weight, unit));
    }
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2) {
      least = min(least, __shfl_xor_sync(0xffffffffu, least, distance));
      most = max(most, __shfl_xor_sync(0xffffffffu, most, distance));
    }
    if (lane == 0) {
      shared.least[warp] = least;
      shared.most[warp] = most;
    }
    __syncthreads();
    if (warp == 0) {
      least = lane < kDrawWarps ? shared.least[lane] : end;
      most = lane < kDrawWarps ? shared.most[lane] : 0;
#pragma unroll
      for (int distance = 16; distance > 0; distance /= 2) {
        least = min(least, __shfl_xor_sync(0xffffffffu, least, distance));
        most = max(most, __shfl_xor_sync(0xffffffffu, most, distance));
      }
      // A lane has kBins / 32 bins side by side, lane 0 the highest; `before` is the amount above its own.
      constexpr int kOfLane = kBins / kWarp;
      Bits own = 0;
      for (int i = 0; i < kOfLane; i++) own += shared.amounts[kBins - 1 - (lane * kOfLane + i)];
      Bits through = own;
      for (int distance = 1; distance < kWarp; distance *= 2) {
        const Bits other = __shfl_up_sync(0xffffffffu, through, distance);
        if (lane >= distance) through += other;
      }
      const unsigned reached = __ballot_sync(0xffffffffu, above + through >= goal);
      const Bits in_all = __shfl_sync(0xffffffffu, through, kWarp - 1);
      if (reached == 0) {
        if (lane == 0) {
          shared.is_below = low > floor;  // else all are kept
          shared.above = above + in_all;
          shared.high = low;
          shared.low = floor;
        }
      } else if (lane == __ffs(reached) - 1) {
        Bits before = above + through - own;
        int bin = kBins - 1 - lane * kOfLane;
        while (before + shared.amounts[bin] < goal) before += shared.amounts[bin--];
        const bool is_one = least == most;
        shared.is_below = !is_one;
        shared.low = is_one ? least : low + (static_cast<Bits>(bin) << shift);
        shared.high = is_one ? least + 1 : min(high, shared.low + (Bits(1) << shift));
        shared.above = before;
      }
      if (lane == 0) shared.most[0] = reached;
    }
    __syncthreads();
    const bool is_reached = shared.most[0] != 0, goes_on = shared.is_below;
    const Border border = {shared.low, shared.above};
    __syncthreads();
    if (goes_on) continue;
    if (!is_reached) return {floor, ~Bits(0)};
    const Bits amount = amount_of(__longlong_as_double(static_cast<long long>(border.bits)), unit);
    return {border.bits, (goal - border.ties + amount - 1) / amount};
  }
}

/** The total of the amounts of weights with bits >= floor. */
__device__ Bits total_of(const double* weights, int count, Bits floor, double unit, Shared& shared) {
  Bits total = 0;
  for (int id = threadIdx.x; id < count; id += kDrawThreads) {
    if (bits_of(weights[id]) >= floor) total += amount_of(weights[id], unit);
  }
  return block_sum(total, shared.least);
}

}  // namespace videor1::cuda
