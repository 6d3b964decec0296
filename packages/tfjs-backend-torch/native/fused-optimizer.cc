#include <cmath>
#include "compute-dtype.h"
#include "fused.h"
#include "loops.h"
#include "torch-version.h"

namespace videor1 {
namespace {

struct Update {
  float beta1, rest1, beta2, rest2, decay, rate, inverse_root, eps;
};

/// m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; p = p (1 - lr wd) - rate m / (sqrt(v) / sqrt(1 - b2^t) + eps).
VIDEOR1_INLINE void adamw_range(float* param, const float* grad, float* m, float* v, int64_t count, Update u) {
#pragma omp simd
  for (int64_t i = 0; i < count; i++) {
    const float g = grad[i];
    m[i] = u.beta1 * m[i] + u.rest1 * g;
    v[i] = u.beta2 * v[i] + u.rest2 * g * g;
    param[i] = param[i] * u.decay - u.rate * m[i] / (std::sqrt(v[i]) * u.inverse_root + u.eps);
  }
}

VIDEOR1_INLINE double squares_range(const float* x, int64_t count) {
  double total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < count; i++) total += static_cast<double>(x[i]) * x[i];
  return total;
}

double sum_of_squares(const at::Tensor& x) {
  const at::Tensor from = as_float(x).contiguous();
  const float* at_x = from.data_ptr<float>();
  constexpr int64_t part = 65536;  // the sum does not depend on the number of threads
  std::vector<double> partial((from.numel() + part - 1) / part);
  at::parallel_for(0, static_cast<int64_t>(partial.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++) {
      partial[i] = cloned<squares_range>(at_x + i * part, std::min(part, from.numel() - i * part));
    }
  });
  double total = 0;
  for (const double x : partial) total += x;
  return total;
}

}  // namespace

void adamw_update(at::Tensor& param, const at::Tensor& grad, at::Tensor& m, at::Tensor& v, const AdamwOptions& options) {
  const double decay = 1 - options.learning_rate * options.weight_decay;
  const double rate = options.learning_rate / (1 - std::pow(options.beta1, options.step));
  const double root = std::sqrt(1 - std::pow(options.beta2, options.step));
  const bool dense = param.is_contiguous() && m.is_contiguous() && v.is_contiguous();
  if (dense && is_cpu_float(param) && is_cpu_float(m) && is_cpu_float(v)) {
    const at::Tensor slope = as_float(grad).contiguous();
    const auto narrow = [](double x) { return static_cast<float>(x); };
    const Update update{narrow(options.beta1), narrow(1 - options.beta1), narrow(options.beta2),
                        narrow(1 - options.beta2), narrow(decay), narrow(rate), narrow(1 / root), narrow(options.eps)};
    float* at_param = param.data_ptr<float>();
    const float* at_grad = slope.data_ptr<float>();
    float* at_m = m.data_ptr<float>();
    float* at_v = v.data_ptr<float>();
    split_rows(param.numel(), 1, [&](int64_t first, int64_t last) {
      cloned<adamw_range>(at_param + first, at_grad + first, at_m + first, at_v + first, last - first, update);
    });
    return;
  }
#if TORCH_AT_LEAST(2, 4)
  if (param.is_cuda() && param.scalar_type() == at::kFloat && m.scalar_type() == at::kFloat) {
    const at::Tensor slope = as_float(grad);
    const at::Tensor step = at::full({}, static_cast<double>(options.step), param.options());
    at::_fused_adamw_({param}, {slope}, {m}, {v}, {}, {step}, options.learning_rate, options.beta1, options.beta2,
                      options.weight_decay, options.eps, /*amsgrad=*/false, /*maximize=*/false);
    return;
  }
#endif
  const at::Tensor slope = as_float(grad);
  m.mul_(options.beta1).add_(slope, 1 - options.beta1);
  v.mul_(options.beta2).addcmul_(slope, slope, 1 - options.beta2);
  const at::Tensor denominator = as_float(v).sqrt().div_(root).add_(options.eps);
  param.copy_(as_float(param).mul(decay).addcdiv_(as_float(m), denominator, -rate));
}

void cache_write(at::Tensor& cache, const at::Tensor& x, int64_t position) {
  cache.narrow(1, position, x.size(1)).copy_(x);
}

at::Tensor global_norm(const std::vector<at::Tensor>& tensors) {
  bool loops = true;
  for (const at::Tensor& x : tensors) loops = loops && x.is_cpu();
  if (loops) {
    double total = 0;
    for (const at::Tensor& x : tensors) total += sum_of_squares(x);
    return at::scalar_tensor(std::sqrt(total), tensors.front().options().dtype(at::kFloat));
  }
  std::vector<at::Tensor> norms;
  for (const at::Tensor& x : tensors) norms.push_back(as_float(x).norm());
  return at::stack(norms).norm();
}

}  // namespace videor1
