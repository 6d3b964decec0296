// Flat ranges of tensors and rows of bytes: what processes exchange of gradients and weights that are cut into slices. A row of
// bytes begins with a flag for each of its places; a place holds values of one parameter, in bfloat16 or float32.
#include "call.h"
#include "compute-dtype.h"
#include "fused.h"

namespace {

at::Tensor flat(const at::Tensor& x) {
  TORCH_CHECK(x.is_contiguous(), "a tensor [", x.sizes(), "] does not lie in order");
  return x.view({-1});
}

/// `count` values of a row of bytes, from byte `at` on; the row is a view of bool, tfjs' only dtype of one byte.
at::Tensor place_of(const at::Tensor& bytes, int64_t row, int64_t at, int64_t count, at::ScalarType type) {
  return bytes.select(0, row).view(at::kByte).narrow(0, at, count * at::elementSize(type)).view(type);
}

at::ScalarType place_type(bool is_wide) { return is_wide ? at::kFloat : at::kBFloat16; }

int64_t number(videor1::Call& call) { return static_cast<int64_t>(call.number()); }

/// Elements of a flat tensor that row after row takes: `length` of them from `first` + row * `stride` on, as far as there are.
struct Ranges {
  int64_t first, stride, length;
  explicit Ranges(videor1::Call& call) : first(number(call)), stride(number(call)), length(number(call)) {}
  int64_t begin(int64_t row) const { return first + row * stride; }
  int64_t count(int64_t row, int64_t size) const { return std::max<int64_t>(0, std::min(length, size - begin(row))); }
};

}  // namespace

// Integer: rows. Numbers: bytes of a row; how many of them, from the first on, are 0: the others are whatever was there.
KERNEL(EmptyBytes) {
  const int64_t rows = call.integer(), width = number(call), zeros = number(call);
  const at::Tensor bytes = at::empty({rows, width}, at::TensorOptions().dtype(at::kBool).device(call.device()));
  bytes.narrow(1, 0, zeros).zero_();
  call.output(bytes);
}

// Tensors: bytes [rows, width] in place, x. Integers: whether the place is float32, its flag or -1. Numbers: at, first, stride,
// length. The flag becomes 1 where x is bfloat16, 2 where it is float32.
KERNEL(PackRanges) {
  const at::Tensor& bytes = call.tensor(0);
  const at::Tensor x = flat(call.tensor(1).contiguous());
  const at::ScalarType type = place_type(call.flag());
  const int64_t flag = call.integer(), at = number(call);
  const Ranges ranges(call);
  const bool is_narrow = x.scalar_type() == at::kBFloat16;
  TORCH_CHECK(type == at::kFloat || is_narrow, "a gradient in float32 where those before were in bfloat16");
  for (int64_t row = 0; row < bytes.size(0); row++) {
    const int64_t count = ranges.count(row, x.numel());
    if (count > 0) place_of(bytes, row, at, count, type).copy_(x.narrow(0, ranges.begin(row), count));
  }
  if (flag >= 0) bytes.view(at::kByte).select(1, flag).fill_(is_narrow ? 1 : 2);
}

// Tensors: total [n] (float32) in place, bytes. Integers: row, whether the place is float32, whether it is the first addend.
// Numbers: at, element of total, length. The first addend is copied, so that -0 stays.
KERNEL(AddRange) {
  const at::Tensor& total = call.tensor(0);
  const int64_t row = call.integer();
  const at::ScalarType type = place_type(call.flag());
  const bool is_first = call.flag();
  const int64_t at = number(call), from = number(call), count = std::min(number(call), total.numel() - from);
  if (count <= 0) return;
  at::Tensor part = flat(total).narrow(0, from, count);
  const at::Tensor x = place_of(call.tensor(1), row, at, count, type);
  if (is_first) part.copy_(x);
  else videor1::add_in_place(part, x);
}

// Tensors: x in place, bytes [rows, width]. Numbers: at, first, stride, length. The inverse of PackRanges, in x's own storage type.
KERNEL(UnpackRanges) {
  const at::Tensor x = flat(call.tensor(0));
  const at::Tensor& bytes = call.tensor(1);
  const int64_t at = number(call);
  const Ranges ranges(call);
  for (int64_t row = 0; row < bytes.size(0); row++) {
    const int64_t count = ranges.count(row, x.numel());
    if (count > 0) x.narrow(0, ranges.begin(row), count).copy_(place_of(bytes, row, at, count, x.scalar_type()));
  }
}

// Number: count. Output: the first bytes of every row as int32 [rows, count]; what copies bool makes 1 of 2.
KERNEL(HeadOfRows) { call.output(call.tensor(0).view(at::kByte).narrow(1, 0, number(call)).to(at::kInt)); }

// Numbers: first, count. Output: a copy of these elements of x, [count], as they are stored.
KERNEL(CopyRange) {
  const int64_t first = number(call), count = number(call);
  call.output(flat(call.tensor(0)).narrow(0, first, count).clone());
}

// Output: bytes of an element as x is stored.
KERNEL(ElementBytes) { call.output(at::scalar_tensor(static_cast<int64_t>(call.tensor(0).element_size()), at::kInt)); }
