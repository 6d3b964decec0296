// The kernels beside ATen's ops on drawn numbers, on the device at hand: for gpu-check, whose verdicts switch them on, and tests.
#pragma once
#include <ATen/ATen.h>
#include <functional>
#include <vector>

namespace videor1::cuda {

/** What a comparison found, worst of all outputs. Errors are |y - exact| / (|exact| + root mean square of exact), exact in float64. */
struct Comparison {
  double error = 0, error_of_aten = 0;
  double differing = 0;  // share of the elements that are not ATen's bit for bit
  double seconds = 0, seconds_of_aten = 0;  // of one call in a graph; 0 off CUDA
  double bytes = 0;                         // that must be read and written
  double seconds_of_bytes = 0;              // what a copy of as many takes; 0 off CUDA
};

/** Adds one output of the kernel and of ATen to what was found. */
void add_output(Comparison& to, const at::Tensor& y, const at::Tensor& of_aten, const at::Tensor& exact);

/** How many copies of `bytes` make more than the caches hold; 1 off CUDA. */
int64_t copies_of(at::Device device, int64_t bytes);

/** Seconds of body(copy), run for the copies in turn. */
double seconds_of(at::Device device, int64_t copies, const std::function<at::Tensor(int64_t copy)>& body);

using Sizes = std::vector<int64_t>;
Comparison compare_embedding(at::Device device, const Sizes& sizes);     // A, d, V
Comparison compare_add_rms_norm(at::Device device, const Sizes& sizes);  // A, d
Comparison compare_thin_product(at::Device device, const Sizes& sizes);  // A, inputs, rank, gate and up?, outputs of each matrix ...
Comparison compare_rotary_cache(at::Device device, const Sizes& sizes);  // A, N, K, H, room
Comparison compare_attention(at::Device device, const Sizes& sizes);     // A, N, K, H, room, tokens of each prompt ...
/** Sizes A, V, sample?, top-k; numbers temperature, top-p, penalty, spread of the logits. Errors are those of log-probabilities. */
Comparison compare_draw(at::Device device, const Sizes& sizes, const std::vector<double>& numbers);

}  // namespace videor1::cuda
