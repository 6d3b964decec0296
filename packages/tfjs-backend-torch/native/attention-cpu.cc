#include "attention-cpu.h"
#include <algorithm>
#include <limits>
#include "panels.h"

namespace videor1 {
namespace {

constexpr int64_t kBlock = 48;  // queries whose scores exist at a time: eight tiles of six rows
constexpr float kUnseen = -std::numeric_limits<float>::infinity();

/// Keys that query t may see, before the mask.
VIDEOR1_INLINE int64_t seen_keys(const HeadShape& s, int64_t t) {
  const int64_t count = s.causal ? t + 1 + s.S - s.T : s.S;
  return count < 0 ? 0 : (count > s.S ? s.S : count);
}

/// p[0, seen) = softmax(scale p + bias); p[seen, width) = 0. All zeros where no key is seen.
VIDEOR1_INLINE void softmax_row(float* p, const float* bias, int64_t seen, int64_t width, float scale) {
  float top = kUnseen;
#pragma omp simd reduction(max : top)
  for (int64_t i = 0; i < seen; i++) {
    p[i] = p[i] * scale + bias[i];
    top = p[i] > top ? p[i] : top;
  }
  if (top == kUnseen) seen = 0;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < seen; i++) {
    p[i] = exp_approximation(p[i] - top);
    sum += p[i];
  }
  const float inverse = 1.f / sum;
#pragma omp simd
  for (int64_t i = 0; i < seen; i++) p[i] *= inverse;
  for (int64_t i = seen; i < width; i++) p[i] = 0.f;
}

VIDEOR1_INLINE void key_bias(const int32_t* mask, int64_t S, float* bias) {
  for (int64_t s = 0; s < S; s++) bias[s] = mask != nullptr && mask[s] == 0 ? kUnseen : 0.f;
}

/// Softmax of the scores of queries t .. t + rows - 1 in p, whose rows lie `width` apart.
template <int TILE>
VIDEOR1_INLINE void probabilities(const HeadShape& s, Left q, const float* keys, const float* bias, int64_t t,
                                    int64_t rows, int64_t width, float* p) {
  const int64_t seen = seen_keys(s, t + rows - 1);
  multiply<TILE>(q, rows, keys, s.H, s.H, p, width, seen, false);
  for (int64_t r = 0; r < rows; r++) softmax_row(p + r * width, bias, seen_keys(s, t + r), seen, s.scale);
}

/// Rows of H elements as a left side in float32: where they lie, or widened into `block`.
VIDEOR1_INLINE Left left_of(const float* from, int64_t stride, int64_t, int64_t, float*) { return {from, stride, 1}; }

VIDEOR1_INLINE Left left_of(const Bfloat16Bits* from, int64_t stride, int64_t rows, int64_t H, float* block) {
  for (int64_t r = 0; r < rows; r++) {
#pragma omp simd
    for (int64_t h = 0; h < H; h++) block[r * H + h] = loaded(from[r * stride + h]);
  }
  return {block, H, 1};
}

/// Where a result of float32 rows is made: in place, or in `block`.
struct Result {
  float* at;
  int64_t stride;
};

VIDEOR1_INLINE Result result_of(float* to, int64_t stride, int64_t, float*) { return {to, stride}; }
VIDEOR1_INLINE Result result_of(Bfloat16Bits*, int64_t, int64_t H, float* block) { return {block, H}; }

VIDEOR1_INLINE void keep(const Result&, float*, int64_t, int64_t, int64_t) {}

VIDEOR1_INLINE void keep(const Result& result, Bfloat16Bits* to, int64_t stride, int64_t rows, int64_t H) {
  for (int64_t r = 0; r < rows; r++) {
#pragma omp simd
    for (int64_t h = 0; h < H; h++) store(to + r * stride + h, result.at[r * result.stride + h]);
  }
}

/// One query: keys and values are read in place, once for all query heads of the key/value head.
template <typename T>
VIDEOR1_INLINE void decode(const HeadShape& s, const ForwardArrays<T>& a, const float* bias, int64_t kv_head, float* p) {
  const int64_t group = s.N / s.K, stride = s.K * s.H, width = panels(s.S) * kPanel;
  const int64_t first = kv_head * group * s.H;
  const Left q = left_of(a.q + first, s.H, group, s.H, p + group * width);
  const Result out = result_of(a.out + first, s.H, s.H, p + group * (width + s.H));
  for (int64_t i = 0; i < s.S; i++) {
    const T* key = a.k + kv_head * s.H + i * stride;
    for (int64_t g = 0; g < group; g++) {
      const float* query = q.at + g * s.H;
      float dot = 0;
#pragma omp simd reduction(+ : dot)
      for (int64_t h = 0; h < s.H; h++) dot += query[h] * loaded(key[h]);
      p[g * width + i] = dot;
    }
  }
  for (int64_t g = 0; g < group; g++) {
    softmax_row(p + g * width, bias, s.S, s.S, s.scale);
    std::fill(out.at + g * s.H, out.at + (g + 1) * s.H, 0.f);
  }
  for (int64_t i = 0; i < s.S; i++) {
    const T* value = a.v + kv_head * s.H + i * stride;
    for (int64_t g = 0; g < group; g++) {
      const float weight = p[g * width + i];
      float* to = out.at + g * s.H;
#pragma omp simd
      for (int64_t h = 0; h < s.H; h++) to[h] += weight * loaded(value[h]);
    }
  }
  keep(out, a.out + first, s.H, group, s.H);
}

template <int TILE, typename T>
VIDEOR1_INLINE void forward(const HeadShape& s, const ForwardArrays<T>& a, int64_t kv_head, float* scratch) {
  const int64_t group = s.N / s.K, q_stride = s.N * s.H, k_stride = s.K * s.H, width = panels(s.S) * kPanel;
  float* bias = scratch;
  float* p = bias + width;
  key_bias(a.mask, s.S, bias);
  if (s.T == 1) return decode(s, a, bias, kv_head, p);
  float* keys = p + kBlock * width;
  float* values = keys + packed_size(s.H, s.S);
  float* block = values + packed_size(s.S, s.H);
  pack_columns(a.k + kv_head * s.H, k_stride, s.H, s.S, keys);
  pack_rows(a.v + kv_head * s.H, k_stride, s.S, s.H, values);
  for (int64_t head = kv_head * group; head < (kv_head + 1) * group; head++) {
    for (int64_t t = 0; t < s.T; t += kBlock) {
      const int64_t rows = std::min(kBlock, s.T - t), at = t * q_stride + head * s.H;
      probabilities<TILE>(s, left_of(a.q + at, q_stride, rows, s.H, block), keys, bias, t, rows, width, p);
      const Result out = result_of(a.out + at, q_stride, s.H, block);
      multiply<TILE>({p, width, 1}, rows, values, s.S, seen_keys(s, t + rows - 1), out.at, out.stride, s.H, false);
      keep(out, a.out + at, q_stride, rows, s.H);
    }
  }
}

template <int TILE, typename T>
VIDEOR1_INLINE void backward(const HeadShape& s, const BackwardArrays<T>& a, int64_t kv_head, float* scratch) {
  const int64_t group = s.N / s.K, q_stride = s.N * s.H, k_stride = s.K * s.H, width = panels(s.S) * kPanel;
  const auto take = [&](int64_t count) {
    float* part = scratch;
    scratch += count;
    return part;
  };
  float *bias = take(width), *p = take(kBlock * width), *ds = take(kBlock * width);
  float *key_columns = take(packed_size(s.H, s.S)), *value_columns = take(packed_size(s.H, s.S));
  float *key_rows = take(packed_size(s.S, s.H)), *packed = take(packed_size(kBlock, s.H));
  float *q_block = take(kBlock * s.H), *dy_block = take(kBlock * s.H), *dq_block = take(kBlock * s.H);
  const int64_t from = kv_head * s.H;
  const Result dk = result_of(a.dk + from, k_stride, s.H, scratch);
  const Result dv = result_of(a.dv + from, k_stride, s.H, scratch + s.S * s.H);
  for (const Result& sums : {dk, dv}) {
    for (int64_t i = 0; i < s.S; i++) std::fill(sums.at + i * sums.stride, sums.at + i * sums.stride + s.H, 0.f);
  }
  key_bias(a.mask, s.S, bias);
  pack_columns(a.k + from, k_stride, s.H, s.S, key_columns);
  pack_columns(a.v + from, k_stride, s.H, s.S, value_columns);
  pack_rows(a.k + from, k_stride, s.S, s.H, key_rows);
  for (int64_t head = kv_head * group; head < (kv_head + 1) * group; head++) {
    for (int64_t t = 0; t < s.T; t += kBlock) {
      const int64_t rows = std::min(kBlock, s.T - t), at = t * q_stride + head * s.H;
      const int64_t seen = seen_keys(s, t + rows - 1);
      const Left q = left_of(a.q + at, q_stride, rows, s.H, q_block), dy = left_of(a.dy + at, q_stride, rows, s.H, dy_block);
      probabilities<TILE>(s, q, key_columns, bias, t, rows, width, p);
      pack_rows(dy.at, dy.row_stride, rows, s.H, packed);
      multiply<TILE>({p, 1, width}, seen, packed, rows, rows, dv.at, dv.stride, s.H, true);
      multiply<TILE>(dy, rows, value_columns, s.H, s.H, ds, width, seen, false);
      for (int64_t r = 0; r < rows; r++) {
        const float* weights = p + r * width;
        float* slope = ds + r * width;
        float mean = 0;
#pragma omp simd reduction(+ : mean)
        for (int64_t i = 0; i < seen; i++) mean += weights[i] * slope[i];
#pragma omp simd
        for (int64_t i = 0; i < seen; i++) slope[i] = s.scale * weights[i] * (slope[i] - mean);
      }
      const Result dq = result_of(a.dq + at, q_stride, s.H, dq_block);
      multiply<TILE>({ds, width, 1}, rows, key_rows, s.S, seen, dq.at, dq.stride, s.H, false);
      keep(dq, a.dq + at, q_stride, rows, s.H);
      pack_rows(q.at, q.row_stride, rows, s.H, packed);
      multiply<TILE>({ds, 1, width}, seen, packed, rows, rows, dk.at, dk.stride, s.H, true);
    }
  }
  keep(dk, a.dk + from, k_stride, s.S, s.H);
  keep(dv, a.dv + from, k_stride, s.S, s.H);
}

}  // namespace

int64_t attention_scratch(const HeadShape& s) {
  const int64_t width = panels(s.S) * kPanel, rows = std::max(kBlock, s.N / s.K);
  return width * (1 + rows + kBlock) + 2 * packed_size(s.H, s.S) + packed_size(s.S, s.H) + packed_size(kBlock, s.H) +
         (3 * kBlock + 2 * s.S + 2 * (s.N / s.K)) * s.H;
}

template <typename T>
void attention_forward(const HeadShape& shape, const ForwardArrays<T>& arrays, int64_t kv_head, float* scratch) {
  cloned<forward<kPlainTile, T>, forward<kWideTile, T>, forward<kWideTile, T>>(shape, arrays, kv_head, scratch);
}

template <typename T>
void attention_backward(const HeadShape& shape, const BackwardArrays<T>& arrays, int64_t kv_head, float* scratch) {
  cloned<backward<kPlainTile, T>, backward<kWideTile, T>, backward<kWideTile, T>>(shape, arrays, kv_head, scratch);
}

template void attention_forward(const HeadShape&, const ForwardArrays<float>&, int64_t, float*);
template void attention_forward(const HeadShape&, const ForwardArrays<Bfloat16Bits>&, int64_t, float*);
template void attention_backward(const HeadShape&, const BackwardArrays<float>&, int64_t, float*);
template void attention_backward(const HeadShape&, const BackwardArrays<Bfloat16Bits>&, int64_t, float*);

}  // namespace videor1
