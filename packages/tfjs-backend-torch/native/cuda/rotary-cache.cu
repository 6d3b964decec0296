// Rotates q in place and k into its column of the row's cache, and puts v beside it; a block a row.
// The products are rounded one by one, as ATen's are: no fused multiply and add.
#include "device.cuh"

namespace videor1::cuda {

VIDEOR1_KERNEL(rotary_cache, RotaryCacheArguments, kRotaryThreads, 1) {
  const int row = blockIdx.x, half = a.head_dim / 2, column = a.length[row];
  if (a.finished[row] || column >= a.room) return;
  const float* cos = a.cos + static_cast<long long>(a.position[row]) * half;
  const float* sin = a.sin + static_cast<long long>(a.position[row]) * half;
  bf16* qkv = a.qkv + static_cast<long long>(row) * (a.query_heads + 2 * a.kv_heads) * a.head_dim;
  const auto column_of = [&](bf16* cache, int head) {
    return cache + ((static_cast<long long>(row) * a.kv_heads + head) * a.room + column) * a.head_dim;
  };
  const int quarters = half / 8;  // pieces of eight pairs of a head
  for (int piece = threadIdx.x; piece < (a.query_heads + a.kv_heads) * quarters; piece += kRotaryThreads) {
    const int head = piece / quarters, first = piece % quarters * 8;
    bf16* from = qkv + head * a.head_dim;
    bf16* to = head < a.query_heads ? from : column_of(a.own_k, head - a.query_heads);
    float low[8], high[8];
    unpack(load_plain(from + first), low);
    unpack(load_plain(from + half + first), high);
#pragma unroll
    for (int i = 0; i < 8; i++) {
      const float c = cos[first + i], s = sin[first + i], x = low[i], y = high[i];
      low[i] = __fsub_rn(__fmul_rn(x, c), __fmul_rn(y, s));
      high[i] = __fadd_rn(__fmul_rn(y, c), __fmul_rn(x, s));
    }
    store(to + first, pack(low));
    store(to + half + first, pack(high));
  }
  const bf16* values = qkv + (a.query_heads + a.kv_heads) * a.head_dim;
  for (int at = threadIdx.x * 8; at < a.kv_heads * a.head_dim; at += kRotaryThreads * 8) {
    store(column_of(a.own_v, at / a.head_dim) + at % a.head_dim, load_plain(values + at));
  }
}

}  // namespace videor1::cuda
