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

/// One query: keys and values are read in place, once for all query heads of the key/value head.
VIDEOR1_INLINE void decode(const HeadShape& s, const ForwardArrays& a, const float* bias, int64_t kv_head, float* p) {
  const int64_t group = s.N / s.K, stride = s.K * s.H, width = panels(s.S) * kPanel;
  const float* q = a.q + kv_head * group * s.H;
  float* out = a.out + kv_head * group * s.H;
  for (int64_t i = 0; i < s.S; i++) {
    const float* key = a.k + kv_head * s.H + i * stride;
    for (int64_t g = 0; g < group; g++) {
      const float* query = q + g * s.H;
      float dot = 0;
#pragma omp simd reduction(+ : dot)
      for (int64_t h = 0; h < s.H; h++) dot += query[h] * key[h];
      p[g * width + i] = dot;
    }
  }
  for (int64_t g = 0; g < group; g++) {
    softmax_row(p + g * width, bias, s.S, s.S, s.scale);
    std::fill(out + g * s.H, out + (g + 1) * s.H, 0.f);
  }
  for (int64_t i = 0; i < s.S; i++) {
    const float* value = a.v + kv_head * s.H + i * stride;
    for (int64_t g = 0; g < group; g++) {
      const float weight = p[g * width + i];
      float* to = out + g * s.H;
#pragma omp simd
      for (int64_t h = 0; h < s.H; h++) to[h] += weight * value[h];
    }
  }
}

template <int TILE>
VIDEOR1_INLINE void forward(const HeadShape& s, const ForwardArrays& a, int64_t kv_head, float* scratch) {
  const int64_t group = s.N / s.K, q_stride = s.N * s.H, k_stride = s.K * s.H, width = panels(s.S) * kPanel;
  float* bias = scratch;
  float* p = bias + width;
  key_bias(a.mask, s.S, bias);
  if (s.T == 1) return decode(s, a, bias, kv_head, p);
  float* keys = p + kBlock * width;
  float* values = keys + packed_size(s.H, s.S);
  pack_columns(a.k + kv_head * s.H, k_stride, s.H, s.S, keys);
  pack_rows(a.v + kv_head * s.H, k_stride, s.S, s.H, values);
  for (int64_t head = kv_head * group; head < (kv_head + 1) * group; head++) {
    for (int64_t t = 0; t < s.T; t += kBlock) {
      const int64_t rows = std::min(kBlock, s.T - t), at = t * q_stride + head * s.H;
      probabilities<TILE>(s, {a.q + at, q_stride, 1}, keys, bias, t, rows, width, p);
      multiply<TILE>({p, width, 1}, rows, values, s.S, seen_keys(s, t + rows - 1), a.out + at, q_stride, s.H, false);
    }
  }
}

template <int TILE>
VIDEOR1_INLINE void backward(const HeadShape& s, const BackwardArrays& a, int64_t kv_head, float* scratch) {
  const int64_t group = s.N / s.K, q_stride = s.N * s.H, k_stride = s.K * s.H, width = panels(s.S) * kPanel;
  float* bias = scratch;
  float* p = bias + width;
  float* ds = p + kBlock * width;
  float* key_columns = ds + kBlock * width;
  float* value_columns = key_columns + packed_size(s.H, s.S);
  float* key_rows = value_columns + packed_size(s.H, s.S);
  float* block = key_rows + packed_size(s.S, s.H);
  const int64_t from = kv_head * s.H;
  key_bias(a.mask, s.S, bias);
  pack_columns(a.k + from, k_stride, s.H, s.S, key_columns);
  pack_columns(a.v + from, k_stride, s.H, s.S, value_columns);
  pack_rows(a.k + from, k_stride, s.S, s.H, key_rows);
  for (int64_t head = kv_head * group; head < (kv_head + 1) * group; head++) {
    for (int64_t t = 0; t < s.T; t += kBlock) {
      const int64_t rows = std::min(kBlock, s.T - t), at = t * q_stride + head * s.H;
      const int64_t seen = seen_keys(s, t + rows - 1);
      probabilities<TILE>(s, {a.q + at, q_stride, 1}, key_columns, bias, t, rows, width, p);
      pack_rows(a.dy + at, q_stride, rows, s.H, block);
      multiply<TILE>({p, 1, width}, seen, block, rows, rows, a.dv + from, k_stride, s.H, true);
      multiply<TILE>({a.dy + at, q_stride, 1}, rows, value_columns, s.H, s.H, ds, width, seen, false);
      for (int64_t r = 0; r < rows; r++) {
        const float* weights = p + r * width;
        float* slope = ds + r * width;
        float mean = 0;
#pragma omp simd reduction(+ : mean)
        for (int64_t i = 0; i < seen; i++) mean += weights[i] * slope[i];
#pragma omp simd
        for (int64_t i = 0; i < seen; i++) slope[i] = s.scale * weights[i] * (slope[i] - mean);
      }
      multiply<TILE>({ds, width, 1}, rows, key_rows, s.S, seen, a.dq + at, q_stride, s.H, false);
      pack_rows(a.q + at, q_stride, rows, s.H, block);
      multiply<TILE>({ds, 1, width}, seen, block, rows, rows, a.dk + from, k_stride, s.H, true);
    }
  }
}

}  // namespace

int64_t attention_scratch(const HeadShape& s) {
  const int64_t width = panels(s.S) * kPanel, rows = std::max(kBlock, s.N / s.K);
  return width * (1 + rows + kBlock) + 2 * packed_size(s.H, s.S) + packed_size(s.S, s.H) + packed_size(kBlock, s.H);
}

void attention_forward(const HeadShape& shape, const ForwardArrays& arrays, int64_t kv_head, float* scratch) {
  cloned<forward<kPlainTile>, forward<kWideTile>, forward<kWideTile>>(shape, arrays, kv_head, scratch);
}

void attention_backward(const HeadShape& shape, const BackwardArrays& arrays, int64_t kv_head, float* scratch) {
  cloned<backward<kPlainTile>, backward<kWideTile>, backward<kWideTile>>(shape, arrays, kv_head, scratch);
}

}  // namespace videor1
