#include "compare.h"
#include <algorithm>
#include <chrono>
#include "../call.h"
#include "../decode/recorded.h"
#include "cache.h"

namespace videor1::cuda {

void add_output(Comparison& to, const at::Tensor& y, const at::Tensor& of_aten, const at::Tensor& exact) {
  const at::Tensor scale = exact.abs() + exact.square().mean().sqrt() + 1e-30;
  const auto worst = [&](const at::Tensor& x) {
    const double value = ((x.to(at::kDouble) - exact).abs() / scale).max().item<double>();
    return value == value ? value : INFINITY;
  };
  to.error = std::max(to.error, worst(y));
  to.error_of_aten = std::max(to.error_of_aten, worst(of_aten));
  to.differing = std::max(to.differing, y.to(at::kDouble).ne(of_aten.to(at::kDouble)).to(at::kDouble).mean().item<double>());
}

int64_t copies_of(at::Device device, int64_t bytes) { return device.is_cuda() ? std::min<int64_t>(64, 1 + (256 << 20) / bytes) : 1; }

double seconds_of(at::Device device, int64_t copies, const std::function<at::Tensor(int64_t copy)>& body) {
  if (!device.is_cuda()) return 0;
  const int64_t calls = std::max<int64_t>(copies, 16), runs = 5;
  Recorded recorded(device);
  at::Tensor last;
  const auto run = [&] {
    recorded.run([&] {
      for (int64_t i = 0; i < calls; i++) last = body(i % copies);
    });
  };
  const auto wait = [&] {
    run();
    last.reshape({-1}).narrow(0, 0, 1).cpu();
  };
  wait();
  const auto begin = std::chrono::steady_clock::now();
  for (int64_t i = 1; i < runs; i++) run();
  wait();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / static_cast<double>(runs * calls);
}

namespace {

/** Of a byte that a copy reads or writes. */
double seconds_of_byte(at::Device device) {
  if (!device.is_cuda()) return 0;
  const at::Tensor from = at::zeros({512 << 20}, at::TensorOptions().dtype(at::kByte).device(device)), to = at::empty_like(from);
  return seconds_of(device, 1, [&](int64_t) { return to.copy_(from), to; }) / (2.0 * static_cast<double>(from.numel()));
}

}  // namespace
}  // namespace videor1::cuda

// Index of the group in nvrtc.h's kGroups, sizes; numbers for draw. Output float32 [7]: the fields of Comparison.
KERNEL(CompareCudaKernels) {
  using namespace videor1::cuda;
  const Group group = kGroups[call.integer()];
  const Sizes sizes = call.list();
  const at::Device device = call.device();
  at::manual_seed(1);
  Comparison found = [&] {
    switch (group) {
      case Group::kEmbedding: return compare_embedding(device, sizes);
      case Group::kAddRmsNorm: return compare_add_rms_norm(device, sizes);
      case Group::kThinProduct: return compare_thin_product(device, sizes);
      case Group::kRotaryCache: return compare_rotary_cache(device, sizes);
      case Group::kAttention: return compare_attention(device, sizes);
      default: {
        std::vector<double> numbers;
        for (int i = 0; i < 4; i++) numbers.push_back(call.number());
        return compare_draw(device, sizes, numbers);
      }
    }
  }();
  found.seconds_of_bytes = found.bytes * seconds_of_byte(device);
  const std::vector<double> fields = {found.error,           found.error_of_aten, found.differing, found.seconds,
                                      found.seconds_of_aten, found.bytes,         found.seconds_of_bytes};
  call.output(at::tensor(fields));
}
