// CUDA C++ for g++: what the .cu files of native/cuda use of the language, so that their arithmetic and their indices run on a
// CPU. A thread of the GPU is a fiber; the blocks of a launch run one after the other, so __shared__ is static.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include "../../native/cuda/arguments.h"

#define VIDEOR1_EMULATOR 1
#define __device__
#define __forceinline__ inline
#define __shared__ static

namespace videor1::emulator {

struct Index {
  unsigned x, y, z;
};

using Body = void (*)(const void* arguments);

struct Registrar {
  Registrar(const char* name, Body body, unsigned threads);
};

/** Waits until all threads of the block are here, or all of the warp. */
void wait_for_block();
void wait_for_warp();

constexpr unsigned kSlotBytes = 32;

/** Where each lane of the running warp lays what the others read; a call gives the slots of the thread's next exchange. */
unsigned char (*next_slots())[kSlotBytes];

}  // namespace videor1::emulator

extern videor1::emulator::Index threadIdx, blockIdx, blockDim, gridDim;

namespace videor1::emulator {

/** The value that lane `from` gave. */
template <typename T>
inline T exchanged(T value, unsigned from) {
  static_assert(sizeof(T) <= kSlotBytes, "");
  unsigned char(*slots)[kSlotBytes] = next_slots();
  std::memcpy(slots[threadIdx.x % 32], &value, sizeof(T));
  wait_for_warp();
  std::memcpy(&value, slots[from % 32], sizeof(T));
  return value;
}

template <typename To, typename From>
inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From), "");
  To to;
  std::memcpy(&to, &from, sizeof(To));
  return to;
}

}  // namespace videor1::emulator

inline void __syncthreads() { videor1::emulator::wait_for_block(); }
inline void __syncwarp() { videor1::emulator::wait_for_warp(); }

template <typename T>
inline T __shfl_sync(unsigned, T value, int lane) {
  return videor1::emulator::exchanged(value, lane);
}
template <typename T>
inline T __shfl_xor_sync(unsigned, T value, int distance) {
  return videor1::emulator::exchanged(value, threadIdx.x % 32 ^ distance);
}
template <typename T>
inline T __shfl_up_sync(unsigned, T value, int distance) {
  const unsigned lane = threadIdx.x % 32;
  return videor1::emulator::exchanged(value, lane < unsigned(distance) ? lane : lane - distance);
}
inline unsigned __ballot_sync(unsigned, bool is_so) {
  unsigned char(*slots)[videor1::emulator::kSlotBytes] = videor1::emulator::next_slots();
  slots[threadIdx.x % 32][0] = is_so;
  videor1::emulator::wait_for_warp();
  unsigned lanes = 0;
  for (unsigned lane = 0; lane < 32; lane++) lanes |= unsigned(slots[lane][0]) << lane;
  return lanes;
}
inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int __clz(int bits) { return bits == 0 ? 32 : __builtin_clz(static_cast<unsigned>(bits)); }
inline int __ffs(unsigned bits) { return __builtin_ffs(bits); }

template <typename T>
inline T atomicAdd(T* at, T value) {  // fibers are not interrupted
  const T before = *at;
  *at += value;
  return before;
}

inline float __uint_as_float(unsigned bits) { return videor1::emulator::bits_as<float>(bits); }
inline unsigned __float_as_uint(float value) { return videor1::emulator::bits_as<unsigned>(value); }
inline long long __double_as_longlong(double value) { return videor1::emulator::bits_as<long long>(value); }
inline double __longlong_as_double(long long bits) { return videor1::emulator::bits_as<double>(bits); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>(static_cast<uint64_t>(a) * b >> 32); }
template <typename T>
inline T min(T a, T b) {
  return a < b ? a : b;
}
template <typename T>
inline T max(T a, T b) {
  return a > b ? a : b;
}

namespace videor1::cuda {

#define VIDEOR1_KERNEL(name, Arguments, threads, blocks)                                           \
  static void name(const Arguments& a);                                                            \
  static const ::videor1::emulator::Registrar registrar_##name(                                    \
      #name, [](const void* arguments) { name(*static_cast<const Arguments*>(arguments)); }, threads); \
  static void name(const Arguments& a)

struct Eight;
inline Eight load_constant(const bf16* at);
inline Eight load_once(const bf16* at);

inline void forget(int&) {}

inline unsigned rounded_to_even(float value) {
  const unsigned bits = __float_as_uint(value);
  if (value != value) return 0x7fff;
  return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}
inline unsigned packed(float low, float high) { return rounded_to_even(low) | rounded_to_even(high) << 16; }

inline void multiply_tile(float (&c)[4], unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1) {
  const unsigned lane = threadIdx.x % 32, group = lane / 4, pair = lane % 4;
  unsigned char(*slots)[emulator::kSlotBytes] = emulator::next_slots();
  const unsigned own[6] = {a0, a1, a2, a3, b0, b1};
  std::memcpy(slots[lane], own, sizeof own);
  emulator::wait_for_warp();
  const auto of = [&](unsigned from, unsigned i) { return reinterpret_cast<const unsigned*>(slots[from])[i]; };
  const auto low = [](unsigned bits) { return __uint_as_float(bits << 16); };
  const auto high = [](unsigned bits) { return __uint_as_float(bits & 0xffff0000u); };
  for (unsigned i = 0; i < 4; i++) {
    const unsigned row = i / 2, column = pair * 2 + i % 2;  // a's rows group and group + 8, b's column
    float sum = 0;
    for (unsigned eighth = 0; eighth < 2; eighth++) {
      for (unsigned p = 0; p < 4; p++) {
        const unsigned a = of(group * 4 + p, row + 2 * eighth), b = of(column * 4 + p, 4 + eighth);
        sum += low(a) * low(b) + high(a) * high(b);
      }
    }
    c[i] += sum;
  }
}

}  // namespace videor1::cuda

#include "../../native/cuda/device.cuh"

namespace videor1::cuda {
inline Eight load_constant(const bf16* at) { return *reinterpret_cast<const Eight*>(at); }
inline Eight load_once(const bf16* at) { return *reinterpret_cast<const Eight*>(at); }
}  // namespace videor1::cuda
