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

int blocks_of(int outputs, int of_block) { return (outputs + of_block - 1) / of_block; }

constexpr int kManyBlocks = 128;  // about the multiprocessors of a large GPU

/**
 * One launch for each kThinRows rows.
 *
 * @param blocks - Fills in the first blocks of blocks of so many warps side by side, and gives their number.
 */
template <typename Blocks>
void run(const char* kernel, const at::Tensor& x, ThinProductArguments a, const Blocks& blocks, const at::Tensor& y) {
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
    const char* tiles = part.rows <= 8 ? "_1" : part.rows <= 16 ? "_2" : part.rows <= 32 ? "_4" : part.rows <= 64 ? "_8" : "_12";
    const bool is_wide = part.rows > 64 && blocks(part, kThinAcross) >= kManyBlocks;
    const unsigned count = static_cast<unsigned>(blocks(part, is_wide ? kThinAcross : 1));
    const std::string name = std::string(kernel) + tiles + (is_wide ? "_wide" : "");
    launch(Group::kThinProduct, name.c_str(), {count}, kThinThreads, &part, x.device());
  }
}

}  // namespace

void thin_product(const at::Tensor& x, at::ArrayRef<Matrix> matrices, const at::Tensor& y) {
  TORCH_CHECK(matrices.size() >= 1 && matrices.size() <= 3, "thin_product: ", matrices.size(), " matrices; one to three are taken");
  ThinProductArguments a{};
  int outputs = 0;
  for (size_t i = 0; i < matrices.size(); i++) {
    a.matrices[i] = thin_matrix(matrices[i], x.size(1));
    a.matrices[i].first_output = outputs;
    outputs += a.matrices[i].outputs;
  }
  TORCH_CHECK(y.size(1) == outputs, "thin_product: y of ", y.sizes(), " for ", outputs, " outputs");
  const auto blocks = [](ThinProductArguments& part, int across) {
    int count = 0;
    for (ThinMatrix& matrix : part.matrices) {
      matrix.first_block = count;
      count += blocks_of(matrix.outputs, across * kThinOutputs);
    }
    return count;
  };
  run("thin_product", x, a, blocks, y);
}

void thin_gate_up(const at::Tensor& x, const Matrix& gate, const Matrix& up, const at::Tensor& y) {
  ThinProductArguments a{};
  a.matrices[0] = thin_matrix(gate, x.size(1));
  a.matrices[1] = thin_matrix(up, x.size(1));
  TORCH_CHECK(a.matrices[0].outputs == a.matrices[1].outputs && y.size(1) == a.matrices[0].outputs, "thin_gate_up: ", gate.weight.sizes(), " and ",
              up.weight.sizes(), " for y of ", y.sizes());
  run("thin_gate_up", x, a, [](const ThinProductArguments& part, int across) { return blocks_of(part.matrices[0].outputs, across * kThinOutputs / 2); }, y);
}

}  // namespace videor1::cuda
