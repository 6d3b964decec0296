#include "adamw.h"
#include <cmath>
#include "compute-dtype.h"
#include "dynamic-codes.h"
#include "loops.h"
#include "rehearse.h"
#include "split-float32.h"
#include "torch-version.h"

namespace videor1 {
namespace {

struct Update {
  float beta1, rest1, beta2, rest2, decay, rate, inverse_root, eps;
};

/// m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2, `least` or more; p = p (1 - lr wd) - rate m / (sqrt(v) / sqrt(1 - b2^t) + eps).
VIDEOR1_INLINE void adamw_range(float* param, const float* grad, float* m, float* v, int64_t count, float least, Update u) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const float g = grad[i];
    m[i] = u.beta1 * m[i] + u.rest1 * g;
    const float second = u.beta2 * v[i] + u.rest2 * g * g;
    v[i] = second < least ? least : second;
    param[i] = param[i] * u.decay - u.rate * m[i] / (std::sqrt(v[i]) * u.inverse_root + u.eps);
  }
}

VIDEOR1_INLINE void join_range(const uint16_t* weight, const uint16_t* remainder, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = joined_float(weight[i], remainder[i]);
}

VIDEOR1_INLINE void split_range(const float* x, uint16_t* weight, uint16_t* remainder, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) split_float(x[i], weight + i, remainder + i);
}

VIDEOR1_INLINE void scale_range(const float* x, float factor, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = x[i] * factor;
}

VIDEOR1_INLINE void widen_range(const uint16_t* x, float factor, float* out, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) out[i] = widened(x[i]) * factor;
}

constexpr int64_t kTile = 4 * kBlock;

/// Elements of one tile in float32, so that the same arithmetic serves every form; they stay in the first cache.
struct Tile {
  alignas(64) float param[kTile], grad[kTile], m[kTile], v[kTile];
};

template <class T>
T* data_of(const at::Tensor& x) {
  return x.defined() ? static_cast<T*>(x.data_ptr()) : nullptr;
}

void update_on_cpu(const Parameter& parameter, const at::Tensor& grad, const Moments& moments, const AdamwOptions& options,
                   const Update& update) {
  const int64_t count = parameter.weight.numel();
  const float factor = static_cast<float>(options.factor);
  const bool is_wide = grad.scalar_type() == at::kFloat;
  const auto* wide_grad = data_of<float>(grad);
  const auto* narrow_grad = data_of<uint16_t>(grad);
  auto* param = data_of<float>(parameter.weight);
  auto* weight = data_of<uint16_t>(parameter.weight);
  auto* remainder = data_of<uint16_t>(parameter.remainder);
  auto *m = data_of<float>(moments.m), *v = data_of<float>(moments.v);
  auto *m_codes = data_of<uint8_t>(moments.m), *v_codes = data_of<uint8_t>(moments.v);
  auto *m_absmax = data_of<float>(moments.m_absmax), *v_absmax = data_of<float>(moments.v_absmax);
  const CodeMap &both = signed_map(), &positive = unsigned_map();

  const auto run = [&](Tile& tile, int64_t first, int64_t size) {
    const float* tile_grad = wide_grad + first;
    if (!is_wide) {
      cloned<widen_range>(narrow_grad + first, factor, tile.grad, size);
      tile_grad = tile.grad;
    } else if (factor != 1) {
      cloned<scale_range>(wide_grad + first, factor, tile.grad, size);
      tile_grad = tile.grad;
    }
    float* tile_param = parameter.is_split() ? tile.param : param + first;
    if (parameter.is_split()) cloned<join_range>(weight + first, remainder + first, tile.param, size);
    if (!moments.is_coded()) {
      cloned<adamw_range>(tile_param, tile_grad, m + first, v + first, size, 0.f, update);
    } else {
      for (int64_t at = 0; at < size; at += kBlock) {
        const int64_t block = (first + at) / kBlock, length = std::min(kBlock, size - at);
        decode_block(both, m_codes + first + at, m_absmax[block], tile.m + at, length);
        decode_block(positive, v_codes + first + at, v_absmax[block], tile.v + at, length);
        const float least = update.beta2 * least_share() * v_absmax[block];
        cloned<adamw_range>(tile_param + at, tile_grad + at, tile.m + at, tile.v + at, length, least, update);
        m_absmax[block] = encode_block(both, tile.m + at, m_codes + first + at, length);
        v_absmax[block] = encode_block(positive, tile.v + at, v_codes + first + at, length);
      }
    }
    if (parameter.is_split()) cloned<split_range>(tile.param, weight + first, remainder + first, size);
  };
  split_rows((count + kTile - 1) / kTile, kTile, [&](int64_t first, int64_t last) {
    Tile tile;
    for (int64_t i = first; i < last; i++) run(tile, i * kTile, std::min(kTile, count - i * kTile));
  });
}

/// p, m and v (float32) change in place; v is `least` or more, if that is given.
void update_by_ops(const at::Tensor& p, const at::Tensor& g, const at::Tensor& m, const at::Tensor& v,
                   const at::Tensor& least, const AdamwOptions& options) {
#if TORCH_AT_LEAST(2, 4)
  if (p.is_cuda() && !least.defined()) {
    const at::Tensor step = at::full({}, static_cast<double>(options.step), p.options());
    at::_fused_adamw_({p}, {g}, {m}, {v}, {}, {step}, options.learning_rate, options.beta1, options.beta2,
                      options.weight_decay, options.eps, /*amsgrad=*/false, /*maximize=*/false);
    return;
  }
#endif
  const double rate = options.learning_rate / (1 - std::pow(options.beta1, options.step));
  const double root = std::sqrt(1 - std::pow(options.beta2, options.step));
  m.mul_(options.beta1).add_(g, 1 - options.beta1);
  v.mul_(options.beta2).addcmul_(g, g, 1 - options.beta2);
  if (least.defined()) v.copy_(at::maximum(v, least));
  const at::Tensor denominator = v.sqrt().div_(root).add_(options.eps);
  p.mul_(1 - options.learning_rate * options.weight_decay).addcdiv_(m, denominator, -rate);
}

/// By ops of ATen on any device, in slices: what a slice needs in float32 is all that is added to the memory.
void update_in_slices(const Parameter& parameter, const at::Tensor& grad, const Moments& moments,
                      const AdamwOptions& options) {
  constexpr int64_t kSlice = int64_t(1) << 24;
  static_assert(kSlice % kBlock == 0);
  const int64_t count = parameter.weight.numel();
  const auto wide = grad.options().dtype(at::kFloat);
  for (int64_t first = 0; first < count; first += kSlice) {
    const int64_t size = std::min(kSlice, count - first), blocks = (size + kBlock - 1) / kBlock;
    const auto slice = [&](const at::Tensor& x) { return x.view({-1}).narrow(0, first, size); };
    const auto of_blocks = [&](const at::Tensor& x) { return x.narrow(0, first / kBlock, blocks); };
    // A factor of one dimension makes the product float32 whatever the gradient is stored as.
    const at::Tensor g = options.factor == 1 ? as_float(slice(grad)) : slice(grad).mul(at::full({1}, options.factor, wide));
    at::Tensor p = slice(parameter.weight);
    if (parameter.is_split()) {
      p = at::empty({size}, wide);
      join_into(p, slice(parameter.weight), slice(parameter.remainder));
    }
    if (!moments.is_coded()) {
      update_by_ops(p, g, slice(moments.m), slice(moments.v), {}, options);
    } else {
      const at::Tensor m = at::zeros({blocks * kBlock}, wide), v = at::zeros({blocks * kBlock}, wide);
      decode_into(m, slice(moments.m), of_blocks(moments.m_absmax), true);
      decode_into(v, slice(moments.v), of_blocks(moments.v_absmax), false);
      const at::Tensor least = (of_blocks(moments.v_absmax) * (options.beta2 * least_share())).repeat_interleave(kBlock);
      const auto own = [&](const at::Tensor& x) { return x.narrow(0, 0, size); };
      update_by_ops(p, g, own(m), own(v), own(least), options);
      encode_into(m, slice(moments.m), of_blocks(moments.m_absmax), true);
      encode_into(v, slice(moments.v), of_blocks(moments.v_absmax), false);
    }
    if (parameter.is_split()) split_into(p, slice(parameter.weight), slice(parameter.remainder));
  }
}

}  // namespace

void adamw_update(Parameter parameter, const at::Tensor& grad, Moments moments, const AdamwOptions& options) {
  if (moments.is_coded()) {  // tfjs has bool as its only dtype of one byte
    moments.m = moments.m.view(at::kByte);
    moments.v = moments.v.view(at::kByte);
  }
  // What lies otherwise in memory, or in bfloat16 without a remainder, is updated as a dense copy.
  std::vector<std::array<at::Tensor, 2>> copies;
  const auto make_dense = [&](at::Tensor& x, bool widen) {
    if (!x.defined()) return;
    const at::Tensor dense = (widen ? as_float(x) : x).contiguous();
    if (!dense.is_same(x)) copies.push_back({x, dense});
    x = dense;
  };
  make_dense(parameter.weight, !parameter.is_split());
  make_dense(parameter.remainder, false);
  for (at::Tensor* x : {&moments.m, &moments.v}) make_dense(*x, !moments.is_coded());
  for (at::Tensor* x : {&moments.m_absmax, &moments.v_absmax}) make_dense(*x, false);
  const at::Tensor dense_grad = grad.contiguous();
  const at::ScalarType type = grad.scalar_type();
  const bool loops = !is_on_device(grad) && (type == at::kFloat || type == at::kBFloat16) && !rehearses_cuda();
  if (loops) {
    const double decay = 1 - options.learning_rate * options.weight_decay;
    const double rate = options.learning_rate / (1 - std::pow(options.beta1, options.step));
    const double root = std::sqrt(1 - std::pow(options.beta2, options.step));
    const auto narrow = [](double x) { return static_cast<float>(x); };
    update_on_cpu(parameter, dense_grad, moments, options,
                  {narrow(options.beta1), narrow(1 - options.beta1), narrow(options.beta2), narrow(1 - options.beta2),
                   narrow(decay), narrow(rate), narrow(1 / root), narrow(options.eps)});
  } else {
    update_in_slices(parameter, dense_grad, moments, options);
  }
  for (auto& [target, copy] : copies) target.copy_(copy);
}

}  // namespace videor1
