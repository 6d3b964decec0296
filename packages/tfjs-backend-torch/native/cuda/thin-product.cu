// y = x W^T + b of few rows: what limits it is reading W once. A warp takes 32 outputs (or 16 of gate and the same 16 of up); `Across`
// of a block's warps lie side by side, so that they read the same x at the same time, which matters where rows are many; the others
// share the inputs between them, 64 at a time, and add up in fixed order at the end.
//
// W is the operand of 16 rows, and comes straight from memory: a lane reads 16 bytes of rows `group` and `group + 8`, four lanes
// 64 bytes side by side. Those eight numbers serve two products of 16 inputs, whose inputs are thus taken in another order than
// they lie in, in W and x alike: no number changes places between lanes. x is small and read many times: it lives in the caches.
#include "device.cuh"

namespace videor1::cuda {

constexpr int kThinWarps = kThinThreads / kWarp;
constexpr int kStep = 32;       // inputs of one load
constexpr int kUnit = 2 * kStep;  // inputs that a warp takes in turn: a cache line of each row of W

/** What a thread holds of one unit of W: two tiles, rows group and group + 8, two steps. */
struct WeightUnit {
  Eight of[2][2][2];  // [step][tile][half]
};

/** + low B^T of one output, rounded before and after. Ranks are multiples of 8. */
__device__ __forceinline__ float with_adapter(float y, const ThinMatrix& matrix, int row, int output) {
  y = rounded(y);
  if (!matrix.low) return y;
  float sum = 0;
#pragma unroll 1
  for (int r = 0; r < matrix.rank; r += 8) {
    float low[8], b[8];
    unpack(load_constant(matrix.low + row * matrix.low_stride + r), low);
    unpack(load_constant(matrix.adapter_b + static_cast<long long>(output) * matrix.rank + r), b);
#pragma unroll
    for (int i = 0; i < 8; i++) sum += low[i] * b[i];
  }
  return rounded(y + sum);
}

template <int RowTiles, int Across, int Depth, bool GateUp>
__device__ __forceinline__ void thin_product(const ThinProductArguments& a) {
  constexpr int kSharers = kThinWarps / Across, kOutputs = GateUp ? 16 : 32;
  const int warp = threadIdx.x / kWarp, lane = threadIdx.x % kWarp, group = lane / 4, quarter = lane % 4;
  int part = 0;
  if (!GateUp) {
    while (part < 2 && a.matrices[part + 1].weight && static_cast<int>(blockIdx.x) >= a.matrices[part + 1].first_block) part++;
  }
  const int output = (static_cast<int>(blockIdx.x) - a.matrices[part].first_block) * Across * kOutputs;
  // Outputs and rows beyond the last read those of others, and are dropped; inputs beyond the last are zeros.
  const bf16* weights[GateUp ? 2 : 1];
  int places[2][2];  // [tile][half]
#pragma unroll
  for (int tile = 0; tile < 2; tile++) {
    const ThinMatrix& matrix = a.matrices[GateUp ? tile : part];
    const int begin = output + warp % Across * kOutputs + (GateUp ? 0 : tile * 16), last = matrix.outputs - 8;
    if (GateUp || tile == 0) weights[tile] = matrix.weight + static_cast<long long>(output + group) * a.inputs + quarter * 8;
#pragma unroll
    for (int half = 0; half < 2; half++) places[tile][half] = (min(begin + half * 8, last) - output) * a.inputs;
  }
  const bf16* x = a.x + quarter * 8;
  const int end = a.inputs - quarter * 8;
  const auto load = [&](WeightUnit& unit, int number) {
#pragma unroll
    for (int step = 0; step < 2; step++) {
      const int at = number * kUnit + step * kStep;
#pragma unroll
      for (int tile = 0; tile < 2; tile++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
          unit.of[step][tile][half] = at < end ? load_once(weights[GateUp ? tile : 0] + (places[tile][half] + at)) : Eight{};
        }
      }
    }
  };
  float sums[2][RowTiles][4] = {};
  const auto multiply = [&](const WeightUnit& unit, int number) {
#pragma unroll
    for (int step = 0; step < 2; step++) {
      const int at = number * kUnit + step * kStep;
#pragma unroll
      for (int tile_of_rows = 0; tile_of_rows < RowTiles; tile_of_rows++) {
        const int row = min(tile_of_rows * 8 + group, a.rows - 1);
        const Eight given = at < end ? load_constant(x + row * a.inputs + at) : Eight{};
#pragma unroll
        for (int tile = 0; tile < 2; tile++) {
          const Eight &low = unit.of[step][tile][0], &high = unit.of[step][tile][1];
          multiply_tile(sums[tile][tile_of_rows], low.x, high.x, low.y, high.y, given.x, given.y);
          multiply_tile(sums[tile][tile_of_rows], low.z, high.z, low.w, high.w, given.z, given.w);
        }
      }
    }
  };
  // `Depth` units are on their way at a time; those beyond the end are zeros.
  const int units = (a.inputs + kUnit - 1) / kUnit;
  WeightUnit ahead[Depth];
#pragma unroll
  for (int i = 0; i < Depth; i++) load(ahead[i], warp / Across + i * kSharers);
#pragma unroll 1
  for (int number = warp / Across; number < units; number += Depth * kSharers) {
#pragma unroll
    for (int i = 0; i < Depth; i++) {
      multiply(ahead[i], number + i * kSharers);
      load(ahead[i], number + (i + Depth) * kSharers);
    }
  }

  // The warps' sums meet in shared memory, a tile of 16 outputs after the other; each thread finishes some of its elements.
  constexpr int kElements = 16 * RowTiles * 8, kOfThread = (Across * kElements + kThinThreads - 1) / kThinThreads;
  __shared__ float shared[kThinWarps][kElements];  // [warp][row][16 outputs]
  float gates[kOfThread] = {};
  forget(part);
#pragma unroll
  for (int tile = 0; tile < 2; tile++) {
    __syncthreads();
#pragma unroll
    for (int tile_of_rows = 0; tile_of_rows < RowTiles; tile_of_rows++) {
#pragma unroll
      for (int i = 0; i < 4; i++) {
        shared[warp][(tile_of_rows * 8 + quarter * 2 + i % 2) * 16 + group + i / 2 * 8] = sums[tile][tile_of_rows][i];
      }
    }
    __syncthreads();
    const ThinMatrix& matrix = a.matrices[GateUp ? tile : part];
#pragma unroll
    for (int i = 0; i < kOfThread; i++) {
      const int number = i * kThinThreads + threadIdx.x, beside = number / kElements, element = number % kElements, row = element / 16;
      const int at = output + beside * kOutputs + (GateUp ? 0 : tile * 16) + element % 16;
      if (beside >= Across || row >= a.rows || at >= matrix.outputs) continue;
      float y = 0;
#pragma unroll
      for (int sharer = 0; sharer < kSharers; sharer++) y += shared[sharer * Across + beside][element];
      if (matrix.bias) y += float_of(matrix.bias[at]);
      y = with_adapter(y, matrix, row, at);
      if (GateUp && tile == 0) {
        gates[i] = rounded(y / (1.f + expf(-y)));
        continue;
      }
      if (GateUp) y = rounded(gates[i] * y);
      const long long to = static_cast<long long>(row) * a.y_stride + matrix.first_output + at;
      if (a.y_is_float) static_cast<float*>(a.y)[to] = y;
      else static_cast<bf16*>(a.y)[to] = rounded_bits(y);
    }
  }
}

#define VIDEOR1_THIN(name, tiles, across, depth, blocks)                                                                          \
  VIDEOR1_KERNEL(thin_product_##name, ThinProductArguments, kThinThreads, blocks) { thin_product<tiles, across, depth, false>(a); } \
  VIDEOR1_KERNEL(thin_gate_up_##name, ThinProductArguments, kThinThreads, blocks) { thin_product<tiles, across, depth, true>(a); }

// Tiles of eight rows, warps side by side, units on their way, and blocks that share a multiprocessor.
VIDEOR1_THIN(1, 1, 1, 2, 2)
VIDEOR1_THIN(2, 2, 1, 2, 2)
VIDEOR1_THIN(4, 4, 1, 1, 2)
VIDEOR1_THIN(8, 8, 1, 1, 1)
VIDEOR1_THIN(12, 12, 1, 1, 1)
VIDEOR1_THIN(12_wide, 12, kThinAcross, 1, 1)

}  // namespace videor1::cuda
