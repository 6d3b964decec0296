// Kernels that move elements. Where ATen can, the result is a view.
#include "call.h"

using Sizes = std::vector<int64_t>;

static std::vector<at::Tensor> all_tensors(videor1::Call& call) {
  std::vector<at::Tensor> tensors;
  for (size_t i = 0; i < call.count(); i++) tensors.push_back(call.tensor(i));
  return tensors;
}

/// [shape].
KERNEL(Reshape) { call.output(call.tensor(0).reshape(call.list())); }

/// [order].
KERNEL(Transpose) { call.output(call.tensor(0).permute(call.list())); }

/// [begin, size].
KERNEL(Slice) {
  at::Tensor y = call.tensor(0);
  const Sizes begin = call.list(), size = call.list();
  for (size_t axis = 0; axis < begin.size(); axis++) y = y.narrow(axis, begin[axis], size[axis]);
  call.output(y);
}

/// [begin, end, strides], without masks; a negative stride goes down to end, which is -1 for all.
KERNEL(StridedSlice) {
  at::Tensor y = call.tensor(0);
  const Sizes begin = call.list(), end = call.list(), stride = call.list();
  for (size_t axis = 0; axis < begin.size(); axis++) {
    if (stride[axis] > 0) {
      y = at::slice(y, axis, begin[axis], std::max(begin[axis], end[axis]), stride[axis]);
      continue;
    }
    const auto options = at::TensorOptions(at::kLong).device(y.device());
    const bool none = begin[axis] <= end[axis];
    y = at::index_select(y, axis, none ? at::empty({0}, options) : at::arange(begin[axis], end[axis], stride[axis], options));
  }
  call.output(y);
}

/// [axis, sizes].
KERNEL(SplitV) {
  const int64_t axis = call.integer();
  const Sizes sizes = call.list();
  for (auto& part : at::split_with_sizes(call.tensor(0), sizes, axis)) call.output(part);
}

/// [axis].
KERNEL(Concat) { const int64_t axis = call.integer(); call.output(at::cat(all_tensors(call), axis)); }
KERNEL(Pack) { const int64_t axis = call.integer(); call.output(at::stack(all_tensors(call), axis)); }
KERNEL(Unpack) {
  for (auto& part : at::unbind(call.tensor(0), call.integer())) call.output(part);
}

/// [repetitions].
KERNEL(Tile) { call.output(call.tensor(0).repeat(call.list())); }

/// [shape].
KERNEL(BroadcastTo) { call.output(call.tensor(0).expand(call.list()).contiguous()); }

/// [before and after of each axis], (value).
KERNEL(PadV2) {
  const Sizes given = call.list();
  Sizes from_last;
  for (size_t i = given.size(); i >= 2; i -= 2) {
    from_last.push_back(given[i - 2]);
    from_last.push_back(given[i - 1]);
  }
  call.output(at::constant_pad_nd(call.tensor(0), from_last, call.number()));
}

static at::Tensor as_index(const Sizes& values, const at::Tensor& like) {
  return at::tensor(values, at::kLong).to(like.device());
}

/// [for each axis: which element of x comes where].
KERNEL(MirrorPad) {
  at::Tensor y = call.tensor(0);
  for (int64_t axis = 0; axis < call.tensor(0).dim(); axis++) y = at::index_select(y, axis, as_index(call.list(), y));
  call.output(y);
}

/// [axes].
KERNEL(Reverse) { call.output(at::flip(call.tensor(0), call.list())); }
