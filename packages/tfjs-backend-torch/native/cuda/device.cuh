// What the kernels are written in: 16-byte loads, bfloat16, the tensor cores' product, sums over a warp. The emulator
// (test/emulator) has its own forms of the parts under VIDEOR1_EMULATOR, and a thread of the GPU for each thread.
#pragma once
#include "arguments.h"

namespace videor1::cuda {

/** 16 bytes: eight bfloat16, the first in the lower half of x. */
struct alignas(16) Eight {
  unsigned x, y, z, w;
};

#ifndef VIDEOR1_EMULATOR
#define VIDEOR1_KERNEL(name, Arguments, threads, blocks) \
  extern "C" __global__ void __launch_bounds__(threads, blocks) name(const Arguments a)

/** Of memory that the kernel does not write. */
__device__ __forceinline__ Eight load_constant(const bf16* at) {
  Eight v;
  asm("ld.global.nc.v4.u32 {%0,%1,%2,%3}, [%4];" : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(at));
  return v;
}

/** Of memory that is read once: it takes no room in the first cache. */
__device__ __forceinline__ Eight load_once(const bf16* at) {
  Eight v;
  asm("ld.global.nc.L1::no_allocate.v4.u32 {%0,%1,%2,%3}, [%4];" : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w) : "l"(at));
  return v;
}

/** The two floats rounded to nearest even, `low` in the lower half. */
__device__ __forceinline__ unsigned packed(float low, float high) {
  unsigned v;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(v) : "f"(high), "f"(low));
  return v;
}

/**
 * c += a b of a warp: a [16, 16], b [16, 8], c [16, 8]. With group = lane / 4 and pair = 2 (lane % 4), a lane holds
 * a0 = a[group][pair, pair + 1], a1 = a[group + 8][the same], a2 and a3 the same 8 columns on; b0 = b[pair, pair + 1][group],
 * b1 8 rows on; c0, c1 = c[group][pair, pair + 1], c2, c3 = c[group + 8][the same].
 */
__device__ __forceinline__ void multiply_tile(float (&c)[4], unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
}

/** What the compiler knows of a number, so that it reads again what follows from it, rather than keep it in registers. */
__device__ __forceinline__ void forget(int& number) { asm volatile("" : "+r"(number)); }
#endif

__device__ __forceinline__ float infinity() { return __uint_as_float(0x7f800000u); }
__device__ __forceinline__ float low_of(unsigned pair) { return __uint_as_float(pair << 16); }
__device__ __forceinline__ float high_of(unsigned pair) { return __uint_as_float(pair & 0xffff0000u); }
__device__ __forceinline__ float float_of(bf16 value) { return __uint_as_float(static_cast<unsigned>(value) << 16); }
__device__ __forceinline__ bf16 rounded_bits(float value) { return static_cast<bf16>(packed(value, 0.f)); }
__device__ __forceinline__ float rounded(float value) { return low_of(packed(value, 0.f)); }

__device__ __forceinline__ void unpack(const Eight& v, float (&to)[8]) {
  const unsigned pairs[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
  for (int i = 0; i < 4; i++) {
    to[2 * i] = low_of(pairs[i]);
    to[2 * i + 1] = high_of(pairs[i]);
  }
}

__device__ __forceinline__ Eight pack(const float (&from)[8]) {
  return {packed(from[0], from[1]), packed(from[2], from[3]), packed(from[4], from[5]), packed(from[6], from[7])};
}

__device__ __forceinline__ Eight load_plain(const bf16* at) { return *reinterpret_cast<const Eight*>(at); }
__device__ __forceinline__ void store(bf16* at, const Eight& v) { *reinterpret_cast<Eight*>(at) = v; }

template <typename Number>
__device__ __forceinline__ Number warp_sum(Number value) {
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(0xffffffffu, value, distance);
  return value;
}

/** Sum over the threads of a block, the same bits in each; `scratch` [threads / 32] is shared, and free afterwards. */
template <typename Number>
__device__ __forceinline__ Number block_sum(Number value, Number* scratch) {
  const int warps = blockDim.x / kWarp;
  value = warp_sum(value);
  if (threadIdx.x % kWarp == 0) scratch[threadIdx.x / kWarp] = value;
  __syncthreads();
  Number total = 0;
  for (int warp = 0; warp < warps; warp++) total += scratch[warp];
  __syncthreads();
  return total;
}

}  // namespace videor1::cuda
