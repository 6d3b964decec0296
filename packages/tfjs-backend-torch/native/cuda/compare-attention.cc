#include <algorithm>
#include <cmath>
#include "compare.h"
#include "kernels.h"

namespace videor1::cuda {

Comparison compare_attention(at::Device device, const Sizes& sizes) {
  const int64_t A = sizes.at(0), N = sizes.at(1), K = sizes.at(2), H = sizes.at(3), room = sizes.at(4), B = sizes.size() - 5;
  const at::TensorOptions ints = at::TensorOptions().dtype(at::kInt).device(device);
  const auto numbers = [&](at::IntArrayRef shape) { return at::randn(shape, at::TensorOptions().device(device)).to(at::kBFloat16); };
  std::vector<int> offsets = {0}, lengths, prompt_of, finished;
  for (int64_t i = 0; i < B; i++) {
    offsets.push_back(offsets.back() + static_cast<int>(sizes[5 + i]));
  }
  for (int64_t row = 0; row < A; row++) {
    prompt_of.push_back(static_cast<int>(row % (B + 1) == B && B > 0 && row > 2 * B ? -1 : row % std::max<int64_t>(B, 1)));
    if (B == 0) prompt_of.back() = -1;
    lengths.push_back(static_cast<int>((room - 1) * (row * 7 % 11) / 10));
    finished.push_back(row % 5 == 4);
  }
  const auto on_device = [&](const std::vector<int>& values) { return at::tensor(values, at::TensorOptions().dtype(at::kInt)).to(device); };
  Rows rows;
  rows.prompt = on_device(prompt_of);
  rows.length = on_device(lengths);
  rows.finished = on_device(finished);
  const at::Tensor qkv = numbers({A, (N + 2 * K) * H});
  const PackedPrompts prompts = {numbers({offsets.back(), K, H}), numbers({offsets.back(), K, H}), on_device(offsets)};
  const OwnColumns own = {numbers({A, K, room, H}), numbers({A, K, room, H})};
  const at::Tensor workspace = at::full({attention_workspace(A, N, H, offsets.back(), room)}, NAN, ints.dtype(at::kFloat));
  const at::Tensor y = at::full({A, N * H}, NAN, qkv.options());
  double keys_seen = 0;

  // Row by row, in a type: keys and values of prompt and own columns one after the other.
  const auto rows_in = [&](at::ScalarType type) {
    std::vector<at::Tensor> results;
    for (int64_t row = 0; row < A; row++) {
      if (finished[row]) {
        results.push_back(at::zeros({N * H}, qkv.options().dtype(type)));
        continue;
      }
      const auto all = [&](const at::Tensor& shared, const at::Tensor& columns) {  // [K, S, H]
        const at::Tensor mine = columns[row].narrow(1, 0, lengths[row] + 1);
        if (prompt_of[row] < 0) return mine.to(type);
        const int from = offsets[prompt_of[row]], count = offsets[prompt_of[row] + 1] - from;
        return at::cat({shared.narrow(0, from, count).transpose(0, 1), mine}, 1).to(type);
      };
      const at::Tensor q = qkv[row].narrow(0, 0, N * H).view({K, N / K, H}).to(type);
      const at::Tensor scores = at::matmul(q, all(prompts.k, own.k).transpose(1, 2));
      const at::ScalarType wide = type == at::kDouble ? type : at::kFloat;
      const at::Tensor weights = at::softmax(scores.to(wide) * std::pow(H, -0.5), -1).to(type);
      results.push_back(at::matmul(weights, all(prompts.v, own.v)).reshape({N * H}));
      keys_seen += lengths[row] + 1;
    }
    return at::stack(results);
  };
  const auto ours = [&](int64_t) {
    attention(qkv, prompts, own, rows, offsets.back(), workspace, y);
    return y;
  };
  Comparison found;
  add_output(found, ours(0), rows_in(at::kBFloat16), rows_in(at::kDouble));
  found.seconds = seconds_of(device, 1, ours);
  found.seconds_of_aten = device.is_cuda() ? seconds_of(device, 1, [&](int64_t) { return rows_in(at::kBFloat16); }) : 0;
  found.bytes = 4.0 * K * H * (offsets.back() + keys_seen / 2);
  return found;
}

}  // namespace videor1::cuda
