// Over axes. The axes come as a list of non-negative numbers; an empty list reduces nothing.
#include <limits>

#include "call.h"
#include "values.h"

using Axes = std::vector<int64_t>;

/// [axes, keepDims].
template <class F>
static void reduce(videor1::Call& call, const at::Tensor& x, F f) {
  const Axes axes = call.list();
  const bool keep_dims = call.flag();
  call.output(axes.empty() ? x.clone() : f(x, axes, keep_dims));
}

/// x with the reduced axes as one last axis.
static at::Tensor gathered(const at::Tensor& x, const Axes& axes) {
  Axes order, sizes;
  int64_t reduced = 1;
  for (int64_t axis = 0; axis < x.dim(); axis++) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) {
      order.push_back(axis);
      sizes.push_back(x.size(axis));
    }
  }
  for (const int64_t axis : axes) {
    order.push_back(axis);
    reduced *= x.size(axis);
  }
  sizes.push_back(reduced);
  return x.permute(order).reshape(sizes);
}

/// Reduces over the one last axis, and puts axes of size 1 where they are kept.
template <class F>
static at::Tensor over_last(const at::Tensor& x, const Axes& axes, bool keep_dims, F f) {
  at::Tensor y = f(gathered(x, axes));
  if (!keep_dims) return y;
  Axes sizes = x.sizes().vec();
  for (const int64_t axis : axes) sizes[axis] = 1;
  return y.reshape(sizes);
}

/// float32 sums half precision.
static at::ScalarType sum_type(const at::Tensor& x) {
  return x.is_floating_point() ? at::kFloat : at::kLong;
}

KERNEL(Sum) {
  const auto& x = call.tensor(0);
  reduce(call, x.scalar_type() == at::kBool ? x.to(at::kInt) : x, [](const at::Tensor& y, const Axes& axes, bool keep_dims) {
    return at::sum(y, axes, keep_dims, sum_type(y));
  });
}

KERNEL(Mean) {
  reduce(call, call.tensor(0).to(at::kFloat),
         [](const at::Tensor& x, const Axes& axes, bool keep_dims) { return at::mean(x, axes, keep_dims); });
}

KERNEL(Prod) {
  const auto& x = call.tensor(0);
  reduce(call, x.scalar_type() == at::kBool ? x.to(at::kInt) : x, [](const at::Tensor& y, const Axes& axes, bool keep_dims) {
    return over_last(y, axes, keep_dims, [](const at::Tensor& rows) { return at::prod(rows, -1); });
  });
}

KERNEL(Max) {
  reduce(call, call.tensor(0),
         [](const at::Tensor& x, const Axes& axes, bool keep_dims) { return at::amax(x, axes, keep_dims); });
}

KERNEL(Min) {
  reduce(call, call.tensor(0),
         [](const at::Tensor& x, const Axes& axes, bool keep_dims) { return at::amin(x, axes, keep_dims); });
}

KERNEL(All) {
  reduce(call, call.tensor(0).to(at::kBool), [](const at::Tensor& x, const Axes& axes, bool keep_dims) {
    return over_last(x, axes, keep_dims, [](const at::Tensor& rows) { return at::all(rows, -1); });
  });
}

KERNEL(Any) {
  reduce(call, call.tensor(0).to(at::kBool), [](const at::Tensor& x, const Axes& axes, bool keep_dims) {
    return over_last(x, axes, keep_dims, [](const at::Tensor& rows) { return at::any(rows, -1); });
  });
}

/// tfjs compares with >: a NaN wins only in the first place, where ATen's wins everywhere.
static at::Tensor first_largest(const at::Tensor& x, int64_t axis) {
  if (!x.is_floating_point()) return at::argmax(x.scalar_type() == at::kBool ? x.to(at::kInt) : x, axis);
  const at::Tensor lowest = at::full({}, -std::numeric_limits<double>::infinity(), x.options());
  const at::Tensor index = at::argmax(at::where(at::isnan(x), lowest, x), axis);
  return at::where(at::isnan(x.select(axis, 0)), at::zeros({}, index.options()), index);
}

/// [axis].
KERNEL(ArgMax) { call.output(first_largest(call.tensor(0), call.integer())); }

KERNEL(ArgMin) {
  const auto& x = call.tensor(0);
  call.output(first_largest(at::neg(x.scalar_type() == at::kBool ? x.to(at::kInt) : x), call.integer()));
}

/// [axis, exclusive, reverse]; `neutral` starts an exclusive scan.
template <class F>
static void scan(videor1::Call& call, int64_t neutral, F f) {
  at::Tensor x = call.tensor(0);
  const int64_t axis = call.integer();
  const bool exclusive = call.flag(), reverse = call.flag();
  if (x.scalar_type() == at::kBool) x = x.to(at::kInt);
  if (reverse) x = at::flip(x, {axis});
  if (exclusive && x.size(axis) > 0) {
    const at::Tensor first = at::full_like(x.narrow(axis, 0, 1), neutral);
    x = at::cat({first, x.narrow(axis, 0, x.size(axis) - 1)}, axis);
  }
  const at::Tensor y = f(x, axis);
  call.output(reverse ? at::flip(y, {axis}) : y);
}

KERNEL(Cumsum) {
  scan(call, 0, [](const at::Tensor& x, int64_t axis) { return at::cumsum(x, axis); });
}

KERNEL(Cumprod) {
  scan(call, 1, [](const at::Tensor& x, int64_t axis) { return at::cumprod(x, axis); });
}

/// [k]: values and indices along the last axis; of equal values the first comes first.
KERNEL(TopK) {
  const auto& x = call.tensor(0);
  const int64_t k = call.integer();
  const auto [values, indices] = at::sort(x, /*stable=*/true, /*dim=*/-1, /*descending=*/true);
  call.output(values.narrow(-1, 0, k).contiguous());
  call.output(indices.narrow(-1, 0, k).to(at::kInt));
}

/// [axis]; in float32.
KERNEL(Softmax) { call.output(at::softmax(call.tensor(0), call.integer(), at::kFloat)); }
KERNEL(LogSoftmax) { call.output(at::log_softmax(call.tensor(0), call.integer(), at::kFloat)); }
