// Tensors from numbers.
#include <ATen/CPUGeneratorImpl.h>

#include "call.h"

static at::TensorOptions options_of(videor1::Call& call, int64_t dtype) {
  return at::TensorOptions(dtype == 0 ? at::kFloat : dtype == 1 ? at::kInt : at::kBool).device(call.device());
}

/// [dtype, shape], (value).
KERNEL(Fill) {
  const auto options = options_of(call, call.integer());
  call.output(at::full(call.list(), call.number(), options));
}

/// [dtype, count], (start, step).
KERNEL(Range) {
  const auto options = options_of(call, call.integer());
  const at::Tensor i = at::arange(call.integer(), options.dtype(at::kDouble));
  const double start = call.number();
  call.output(at::add(at::mul(i, call.number()), start).to(options.dtype()));
}

/// logits or probabilities [batch, events]; [numSamples, seed, normalized] -> [batch, numSamples]. Drawn on the CPU.
KERNEL(Multinomial) {
  const int64_t samples = call.integer(), seed = call.integer();
  const at::Tensor given = call.tensor(0).to(at::kCPU, at::kFloat);
  const at::Tensor probabilities = call.flag() ? given : at::softmax(given, -1);
  auto generator = at::detail::createCPUGenerator(static_cast<uint64_t>(seed));
  call.output(at::multinomial(probabilities, samples, /*replacement=*/true, generator).to(call.device(), at::kInt));
}

/// No output: what a call costs by itself (bench/overhead.ts).
KERNEL(Nothing) {}
