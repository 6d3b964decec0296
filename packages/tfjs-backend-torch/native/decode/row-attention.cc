// Shape letters: A rows (slots), P packed prompt tokens, T own columns, N query heads, K key/value heads, H head dim, g = N / K.
#include "row-attention.h"
#include <cmath>
#include "loops.h"

namespace videor1 {
namespace {

typedef float Lanes8 __attribute__((vector_size(32), aligned(4), may_alias));

VIDEOR1_INLINE float number(float value) { return value; }
VIDEOR1_INLINE float number(uint16_t value) { return widened(value); }
VIDEOR1_INLINE void store(float value, float* to) { *to = value; }
VIDEOR1_INLINE void store(float value, uint16_t* to) { *to = c10::BFloat16(value).x; }

VIDEOR1_INLINE float dot(const float* a, const float* b, int64_t count) {
  Lanes8 sum = {};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) sum += *reinterpret_cast<const Lanes8*>(a + i) * *reinterpret_cast<const Lanes8*>(b + i);
  float total = ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
  for (; i < count; i++) total += a[i] * b[i];
  return total;
}

VIDEOR1_INLINE float dot(const float* a, const uint16_t* b, int64_t count) {
  float sums[8] = {};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int j = 0; j < 8; j++) sums[j] += a[i + j] * widened(b[i + j]);
  }
  float total = ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7]));
  for (; i < count; i++) total += a[i] * widened(b[i]);
  return total;
}

/** Some consecutive keys and values of one head, `stride` elements apart. */
template <typename Stored>
struct Keys {
  const Stored *k, *v;
  int64_t count, stride;
};

/** One query over both sets of keys; `scores` has room for all, `query` and `sums` for H. */
template <typename Stored>
VIDEOR1_INLINE void attend(const Stored* q, Keys<Stored> prompt, Keys<Stored> own, int64_t H, float* scores, float* query,
                           float* sums, Stored* out) {
  const float scale = 1.f / std::sqrt(static_cast<float>(H));
  for (int64_t h = 0; h < H; h++) query[h] = number(q[h]);
  float largest = -INFINITY;
  float* score = scores;
  for (const Keys<Stored>& keys : {prompt, own}) {
    for (int64_t s = 0; s < keys.count; s++, score++) {
      *score = scale * dot(query, keys.k + s * keys.stride, H);
      if (*score > largest) largest = *score;
    }
  }
  const int64_t count = prompt.count + own.count;
  for (int64_t s = 0; s < count; s++) scores[s] = exp_approximation(scores[s] - largest);
  float total = 0;
  for (int64_t s = 0; s < count; s++) total += scores[s];
  for (int64_t h = 0; h < H; h++) sums[h] = 0;
  score = scores;
  for (const Keys<Stored>& keys : {prompt, own}) {
    for (int64_t s = 0; s < keys.count; s++) {
      const float weight = *score++ / total;
      const Stored* v = keys.v + s * keys.stride;
      for (int64_t h = 0; h < H; h++) sums[h] += weight * number(v[h]);
    }
  }
  for (int64_t h = 0; h < H; h++) store(sums[h], out + h);
}

template <typename Stored>
void attend_rows(const at::Tensor& q, const PackedPrompts& prompts, const OwnColumns& own, const std::vector<RowView>& rows,
                 const at::Tensor& out) {
  const int64_t N = q.size(1), H = q.size(2), K = own.k.size(1), T = own.k.size(2), g = N / K;
  const auto data = [](const at::Tensor& x) { return static_cast<Stored*>(x.data_ptr()); };
  const Stored *qs = data(q), *pk = data(prompts.k), *pv = data(prompts.v), *ok = data(own.k), *ov = data(own.v);
  Stored* outs = data(out);
  int64_t most = 0;
  for (const RowView& row : rows) most = std::max(most, row.length + row.used);
  split_rows(static_cast<int64_t>(rows.size()) * N, 2 * most * H, [&](int64_t first, int64_t last) {
    std::vector<float> scratch(most + 2 * H);
    for (int64_t i = first; i < last; i++) {
      const RowView& row = rows[i / N];
      const int64_t head = i % N / g, shared = (row.first * K + head) * H, alone = (row.slot * K + head) * T * H;
      cloned<attend<Stored>>(qs + i * H, Keys<Stored>{pk + shared, pv + shared, row.length, K * H},
                             Keys<Stored>{ok + alone, ov + alone, row.used, H}, H, scratch.data(), scratch.data() + most,
                             scratch.data() + most + H, outs + i * H);
    }
  });
}

}  // namespace

at::Tensor row_attention(const at::Tensor& q, const PackedPrompts& prompts, const OwnColumns& own, const std::vector<RowView>& rows) {
  const at::Tensor queries = q.contiguous(), out = at::empty_like(queries);
  if (own.k.scalar_type() == at::kBFloat16) {
    attend_rows<uint16_t>(queries, prompts, own, rows, out);
  } else {
    attend_rows<float>(queries, prompts, own, rows, out);
  }
  return out;
}

}  // namespace videor1
