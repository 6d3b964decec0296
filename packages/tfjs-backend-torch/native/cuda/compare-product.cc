#include <cmath>
#include "../fused.h"
#include "compare.h"
#include "kernels.h"

namespace videor1::cuda {

Comparison compare_thin_product(at::Device device, const Sizes& sizes) {
  const int64_t A = sizes.at(0), inputs = sizes.at(1), rank = sizes.at(2);
  const bool gate_up = sizes.at(3) != 0;
  const std::vector<int64_t> outputs(sizes.begin() + 4, sizes.end());
  const auto numbers = [&](at::IntArrayRef shape, double scale) {
    return at::randn(shape, at::TensorOptions().device(device)).mul_(scale).to(at::kBFloat16);
  };
  int64_t all = 0;
  for (const int64_t count : outputs) all += count;
  const int64_t copies = copies_of(device, 2 * all * inputs), parts = outputs.size();
  const double size = 1 / std::sqrt(static_cast<double>(inputs));
  const at::Tensor x = numbers({A, inputs}, 1);
  const at::Tensor low = rank > 0 ? numbers({A, rank * parts}, 1) : at::Tensor();
  std::vector<std::vector<Matrix>> matrices(copies);
  for (std::vector<Matrix>& copy : matrices) {
    for (int64_t i = 0; i < parts; i++) {
      Matrix matrix{numbers({outputs[i], inputs}, size), gate_up ? at::Tensor() : numbers({outputs[i]}, 1)};
      if (rank > 0) {
        matrix.low = low.narrow(1, i * rank, rank);
        matrix.adapter_b = numbers({outputs[i], rank}, 0.1);
      }
      copy.push_back(matrix);
    }
  }
  const at::Tensor y = at::full({A, gate_up ? outputs[0] : all}, NAN, x.options());
  const auto ours = [&](int64_t copy) {
    const std::vector<Matrix>& list = matrices[copy];
    if (gate_up) thin_gate_up(x, list[0], list[1], y);
    else thin_product(x, list, y);
    return y;
  };
  const auto product = [&](const Matrix& matrix) {
    const at::Tensor plain = linear(x, matrix.weight, matrix.bias);
    return rank > 0 ? at::addmm(plain, matrix.low, matrix.adapter_b.t()) : plain;
  };
  const auto of_aten = [&](int64_t copy) {
    std::vector<at::Tensor> results;
    for (const Matrix& matrix : matrices[copy]) results.push_back(product(matrix));
    return gate_up ? swiglu(results[0], results[1]) : at::cat(results, 1);
  };
  const auto exact = [&] {
    std::vector<at::Tensor> results;
    for (const Matrix& matrix : matrices[0]) {
      at::Tensor result = x.to(at::kDouble).mm(matrix.weight.to(at::kDouble).t());
      if (matrix.bias.defined()) result += matrix.bias.to(at::kDouble);
      if (rank > 0) result += matrix.low.to(at::kDouble).mm(matrix.adapter_b.to(at::kDouble).t());
      results.push_back(result);
    }
    return gate_up ? results[0] * results[0].sigmoid() * results[1] : at::cat(results, 1);
  };
  Comparison found;
  add_output(found, ours(0), of_aten(0), exact());
  found.seconds = seconds_of(device, copies, ours);
  found.seconds_of_aten = seconds_of(device, copies, of_aten);
  found.bytes = 2.0 * (all * inputs + A * inputs + A * all);
  return found;
}

}  // namespace videor1::cuda
