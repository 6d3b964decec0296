// Shape letters: A rows, B prompts, L prompt tokens, S own tokens, N query heads, K key/value heads, H head dim, g = N / K.
#include "prefix-attention.h"
#include <cmath>
#include "compute-dtype.h"
#include "loops.h"

namespace videor1 {
namespace {

typedef float Lanes8 __attribute__((vector_size(32), aligned(4), may_alias));

VIDEOR1_INLINE float dot(const float* a, const float* b, int64_t count) {
  Lanes8 sum = {};
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) sum += *reinterpret_cast<const Lanes8*>(a + i) * *reinterpret_cast<const Lanes8*>(b + i);
  float total = ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
  for (; i < count; i++) total += a[i] * b[i];
  return total;
}

VIDEOR1_INLINE void add_scaled(float* to, const float* from, float factor, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] += factor * from[i];
}

/** Some consecutive keys and values of one head, `stride` floats apart. */
struct Keys {
  const float *k, *v;
  int64_t count, stride;
  const int32_t* mask;  // or null
};

/** One query over both sets of keys; `scores` has room for all. */
VIDEOR1_INLINE void attend(const float* q, Keys prompt, Keys own, int64_t H, float* scores, float* out) {
  const float scale = 1.f / std::sqrt(static_cast<float>(H));
  float largest = -INFINITY;
  float* score = scores;
  for (const Keys& keys : {prompt, own}) {
    for (int64_t s = 0; s < keys.count; s++, score++) {
      *score = keys.mask && !keys.mask[s] ? -INFINITY : scale * dot(q, keys.k + s * keys.stride, H);
      if (*score > largest) largest = *score;
    }
  }
  const int64_t count = prompt.count + own.count;
  for (int64_t s = 0; s < count; s++) scores[s] = exp_approximation(scores[s] - largest);
  float total = 0;
  for (int64_t s = 0; s < count; s++) total += scores[s];
  for (int64_t h = 0; h < H; h++) out[h] = 0;
  score = scores;
  for (const Keys& keys : {prompt, own}) {
    for (int64_t s = 0; s < keys.count; s++) add_scaled(out, keys.v + s * keys.stride, *score++ / total, H);
  }
}

at::Tensor with_loops(const at::Tensor& q, const PrefixCache& cache, const PrefixView& view) {
  const int64_t A = q.size(0), N = q.size(1), H = q.size(2), K = cache.own_k.size(2), room = cache.own_k.size(1);
  const int64_t L = cache.prompt_k.size(1), g = N / K;
  const at::Tensor prompt_k = cache.prompt_k.contiguous(), prompt_v = cache.prompt_v.contiguous();
  const at::Tensor queries = q.contiguous();
  at::Tensor out = at::empty_like(queries);
  const float *qs = queries.data_ptr<float>(), *pk = prompt_k.data_ptr<float>(), *pv = prompt_v.data_ptr<float>();
  const float *ok = cache.own_k.data_ptr<float>(), *ov = cache.own_v.data_ptr<float>();
  const int32_t* masks = view.prompt_mask.defined() ? view.prompt_mask.data_ptr<int32_t>() : nullptr;
  float* outs = out.data_ptr<float>();
  split_rows(A * N, 2 * (L + view.used) * H, [&](int64_t first, int64_t last) {
    std::vector<float> scores(L + view.used);
    for (int64_t i = first; i < last; i++) {
      const int64_t row = i / N, head = i % N / g, prompt = view.prompt_of[row];
      const int64_t shared = (prompt * L * K + head) * H, own = (row * room * K + head) * H;
      cloned<attend>(qs + i * H, Keys{pk + shared, pv + shared, L, K * H, masks ? masks + prompt * L : nullptr},
                     Keys{ok + own, ov + own, view.used, K * H, nullptr}, H, scores.data(), outs + i * H);
    }
  });
  return out;
}

/** body(prompt, first row, rows) for each run of rows of one prompt. */
template <typename Body>
void for_each_prompt(const std::vector<int64_t>& prompt_of, const Body& body) {
  for (size_t first = 0; first < prompt_of.size();) {
    size_t last = first;
    while (last < prompt_of.size() && prompt_of[last] == prompt_of[first]) last++;
    body(prompt_of[first], static_cast<int64_t>(first), static_cast<int64_t>(last - first));
    first = last;
  }
}

/** Any dtype and device: the rows of a prompt meet its keys in one product. */
at::Tensor with_products(const at::Tensor& q, const PrefixCache& cache, const PrefixView& view) {
  const int64_t A = q.size(0), N = q.size(1), H = q.size(2), K = cache.own_k.size(2), L = cache.prompt_k.size(1);
  const int64_t g = N / K;
  const at::Tensor q_AKgH = like(q, cache.own_k).reshape({A, K, g, H});
  const at::Tensor own_k = cache.own_k.narrow(1, 0, view.used), own_v = cache.own_v.narrow(1, 0, view.used);
  std::vector<at::Tensor> shared;
  for_each_prompt(view.prompt_of, [&](int64_t prompt, int64_t first, int64_t rows) {
    const at::Tensor q_KrH = q_AKgH.narrow(0, first, rows).transpose(0, 1).reshape({K, rows * g, H});
    at::Tensor scores = as_float(at::bmm(q_KrH, cache.prompt_k[prompt].permute({1, 2, 0})));  // [K, rows * g, L]
    if (view.prompt_mask.defined()) scores = scores.masked_fill(view.prompt_mask[prompt].eq(0), -INFINITY);
    shared.push_back(scores.view({K, rows, g, L}).transpose(0, 1));
  });
  at::Tensor own = as_float(at::matmul(q_AKgH, own_k.permute({0, 2, 3, 1})));  // [A, K, g, S]
  if (view.own_bias.defined()) own = own + view.own_bias;
  const at::Tensor weights = at::softmax(at::cat({at::cat(shared, 0), own}, -1) * std::pow(H, -0.5), -1);
  const at::Tensor stored = like(weights, cache.own_v);
  at::Tensor out = at::matmul(stored.narrow(-1, L, view.used), own_v.permute({0, 2, 1, 3}));  // [A, K, g, H]
  std::vector<at::Tensor> of_prompts;
  for_each_prompt(view.prompt_of, [&](int64_t prompt, int64_t first, int64_t rows) {
    const at::Tensor w_KrL =
        stored.narrow(0, first, rows).narrow(-1, 0, L).transpose(0, 1).reshape({K, rows * g, L});
    const at::Tensor y_KrH = at::bmm(w_KrL, cache.prompt_v[prompt].transpose(0, 1));
    of_prompts.push_back(y_KrH.view({K, rows, g, H}).transpose(0, 1));
  });
  return (out + at::cat(of_prompts, 0)).reshape({A, N, H});
}

}  // namespace

PrefixCache sorted_by_head(const PrefixCache& cache) {
  const auto sorted = [](const at::Tensor& own) { return own.transpose(1, 2).contiguous().transpose(1, 2); };
  return {cache.prompt_k, cache.prompt_v, sorted(cache.own_k), sorted(cache.own_v)};
}

at::Tensor prefix_attention(const at::Tensor& q, const PrefixCache& cache, const PrefixView& view) {
  const bool loops = is_cpu_float(q) && is_cpu_float(cache.own_k) && is_cpu_float(cache.prompt_k) && !view.own_bias.defined();
  return loops ? with_loops(q, cache, view) : with_products(q, cache, view);
}

}  // namespace videor1
