// x += addend, y = x / sqrt(mean(x^2) + eps) * weight; a block a row, which it keeps in registers between the two passes.
#include "device.cuh"

namespace videor1::cuda {

VIDEOR1_KERNEL(add_rms_norm, AddRmsNormArguments, kNormThreads, 1) {
  constexpr int kPieces = kMostHidden / 8 / kNormThreads;
  __shared__ float scratch[kNormThreads / kWarp];
  bf16* x = a.x + static_cast<long long>(blockIdx.x) * a.d;
  float values[kPieces][8];
  float squares = 0;
#pragma unroll
  for (int piece = 0; piece < kPieces; piece++) {
    const int at = (piece * kNormThreads + threadIdx.x) * 8;
    if (at >= a.d) continue;
    unpack(load_plain(x + at), values[piece]);
    if (a.addend) {
      float addend[8];
      unpack(load_constant(a.addend + static_cast<long long>(blockIdx.x) * a.d + at), addend);
#pragma unroll
      for (int i = 0; i < 8; i++) values[piece][i] = rounded(values[piece][i] + addend[i]);
      store(x + at, pack(values[piece]));
    }
#pragma unroll
    for (int i = 0; i < 8; i++) squares += values[piece][i] * values[piece][i];
  }
  const float inverse = 1.f / sqrtf(block_sum(squares, scratch) / static_cast<float>(a.d) + a.eps);
#pragma unroll
  for (int piece = 0; piece < kPieces; piece++) {
    const int at = (piece * kNormThreads + threadIdx.x) * 8;
    if (at >= a.d) continue;
    float weight[8];
    unpack(load_constant(a.weight + at), weight);
#pragma unroll
    for (int i = 0; i < 8; i++) values[piece][i] = values[piece][i] * inverse * weight[i];
    store(a.y + static_cast<long long>(blockIdx.x) * a.d + at, pack(values[piece]));
  }
}

}  // namespace videor1::cuda
