// The launches of thin_product and thin_gate_up.
#include <algorithm>
#include <string>
#include "arguments.h"
#include "kernels.h"
#include "launch.h"
#include "tensors.h"

namespace videor1::cuda {
namespace {

ThinMatrix thin_matrix(const Matrix& matrix, int64_t inputs) {
  const int64_t outputs = matrix.weight.size(0);
  TORCH_CHECK(matrix.weight.size(1) == inputs && outputs % 8 == 0, "thin_product: a weight of ", matrix.weight.sizes(), " for rows of ", inputs,
              "; outputs must be a multiple of 8");
  ThinMatrix m{};
  m.weight = bf16_of(matrix.weight, "weight");
  m.bias = matrix.bias.defined() ? bf16_of(matrix.bias, "bias") : nullptr;
  m.outputs = static_cast<int>(outputs);
  if (matrix.low.defined()) {
    m.rank = static_cast<int>(matrix.adapter_b.size(1));
    TORCH_CHECK(matrix.low.scalar_type() == at::kBFloat16 && matrix.low.stride(1) == 1 && matrix.low.stride(0) % 8 == 0 && m.rank % 8 == 0 &&
                    matrix.low.size(1) == m.rank,
                "thin_product: low of ", matrix.low.sizes(), " with a rank of ", m.rank, "; a multiple of 8 in bfloat16 is needed");
    m.low = static_cast<const bf16*>(matrix.low.data_ptr());
    m.low_stride = static_cast<int>(matrix.low.stride(0));
    m.adapter_b = bf16_of(matrix.adapter_b, "adapter b");
  }
  return m;
}

/** One launch for each kThinRows rows. `outputs_of_block` of each matrix in turn; with gate and up one part of the grid is both. */
void run(const char* kernel, const at::Tensor& x, ThinProductArguments a, int blocks, const at::Tensor& y) {
  const int64_t rows = x.size(0);
  const bf16* from = bf16_of(x, "x");
  TORCH_CHECK(y.stride(1) == 1 && y.size(0) == rows, kernel, ": y of ", y.sizes(), " for ", rows, " rows");
  a.inputs = static_cast<int>(x.size(1));
  TORCH_CHECK(a.inputs % 8 == 0, kernel, ": rows of ", a.inputs, "; a multiple of 8 is needed");
  a.y_stride = static_cast<int>(y.stride(0));
  a.y_is_float = y.scalar_type() == at::kFloat;
  TORCH_CHECK(a.y_is_float || y.scalar_type() == at::kBFloat16, kernel, ": y of ", y.scalar_type());
  for (int64_t first = 0; first < rows; first += kThinRows) {
    ThinProductArguments part = a;
    part.rows = static_cast<int>(std::min<int64_t>(kThinRows, rows - first));
    part.x = from + first * a.inputs;
    part.y = static_cast<char*>(y.data_ptr()) + first * a.y_stride * y.element_size();
    for (ThinMatrix& matrix : part.matrices) {
      if (matrix.low) matrix.low += first * matrix.low_stride;
    }
    const int tiles = part.rows <= 8 ? 1 : part.rows <= 16 ? 2 : part.rows <= 32 ? 4 : part.rows <= 64 ? 8 : 12;
    const std::string name = std::string(kernel) + "_" + std::to_string(tiles);
    launch(Group::kThinProduct, name.c_str(), {static_cast<unsigned>(blocks)}, kThinThreads, &part, x.device());
  }
}

}  // namespace

void thin_product(const at::Tensor& x, at::ArrayRef<Matrix> matrices, const at::Tensor& y) {
  TORCH_CHECK(matrices.size() >= 1 && matrices.size() <= 3, "thin_product: ", matrices.size(), " matrices; one to three are taken");
  ThinProductArguments a{};
  int blocks = 0, outputs = 0;
  for (size_t i = 0; i < matrices.size(); i++) {
    ThinMatrix& matrix = a.matrices[i] = thin_matrix(matrices[i], x.size(1));
    matrix.first_block = blocks;
    matrix.first_output = outputs;
    blocks += (matrix.outputs + kThinOutputs - 1) / kThinOutputs;
    outputs += matrix.outputs;
  }
  TORCH_CHECK(y.size(1) == outputs, "thin_product: y of ", y.sizes(), " for ", outputs, " outputs");
  run("thin_product", x, a, blocks, y);
}

void thin_gate_up(const at::Tensor& x, const Matrix& gate, const Matrix& up, const at::Tensor& y) {
  ThinProductArguments a{};
  a.matrices[0] = thin_matrix(gate, x.size(1));
  a.matrices[1] = thin_matrix(up, x.size(1));
  TORCH_CHECK(a.matrices[0].outputs == a.matrices[1].outputs && y.size(1) == a.matrices[0].outputs, "thin_gate_up: ", gate.weight.sizes(), " and ",
              up.weight.sizes(), " for y of ", y.sizes());
  run("thin_gate_up", x, a, (a.matrices[0].outputs + 15) / 16, y);
}

}  // namespace videor1::cuda
