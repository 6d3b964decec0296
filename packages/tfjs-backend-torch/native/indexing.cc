// Kernels that read or write where an int32 tensor says.
#include "call.h"
#include "values.h"

using Sizes = std::vector<int64_t>;

static int64_t product(const int64_t* begin, const int64_t* end) {
  int64_t total = 1;
  for (; begin != end; begin++) total *= *begin;
  return total;
}

/// x, indices; [axis, batchDims].
KERNEL(GatherV2) {
  const auto& x = call.tensor(0);
  const auto& indices = call.tensor(1);
  const int64_t axis = call.integer(), batch_dims = call.integer();
  const auto sizes = x.sizes();
  Sizes out(sizes.begin(), sizes.begin() + axis);
  out.insert(out.end(), indices.sizes().begin() + batch_dims, indices.sizes().end());
  out.insert(out.end(), sizes.begin() + axis + 1, sizes.end());
  if (batch_dims == 0) {
    call.output(at::index_select(x, axis, indices.reshape({-1})).reshape(out));
    return;
  }
  const int64_t batch = product(sizes.begin(), sizes.begin() + batch_dims);
  const int64_t outer = product(sizes.begin() + batch_dims, sizes.begin() + axis);
  const int64_t inner = product(sizes.begin() + axis + 1, sizes.end());
  const int64_t count = product(indices.sizes().begin() + batch_dims, indices.sizes().end());
  const at::Tensor where = indices.to(at::kLong).reshape({batch, 1, count, 1}).expand({batch, outer, count, inner});
  call.output(at::gather(x.reshape({batch, outer, sizes[axis], inner}), 2, where).reshape(out));
}

/// The positions that indices [..., depth] name in the first `depth` axes of `sizes`, as one row-major number each.
static at::Tensor flat_positions(const at::Tensor& indices, int64_t depth, at::IntArrayRef sizes) {
  TORCH_CHECK(depth <= static_cast<int64_t>(sizes.size()), "indices of depth ", depth, " into rank ", sizes.size());
  at::Tensor positions = at::zeros({indices.numel() / std::max<int64_t>(depth, 1)}, indices.options().dtype(at::kLong));
  const at::Tensor rows = indices.to(at::kLong).reshape({-1, depth});
  for (int64_t d = 0; d < depth; d++) positions = at::add(at::mul(positions, sizes[d]), rows.select(1, d));
  return positions;
}

/// params, indices.
KERNEL(GatherNd) {
  const auto& params = call.tensor(0);
  const auto& indices = call.tensor(1);
  const auto sizes = params.sizes();
  const int64_t depth = indices.size(-1);
  const at::Tensor positions = flat_positions(indices, depth, sizes);
  const int64_t places = product(sizes.begin(), sizes.begin() + depth);
  const int64_t inner = product(sizes.begin() + depth, sizes.end());
  Sizes out(indices.sizes().begin(), indices.sizes().end() - 1);
  out.insert(out.end(), sizes.begin() + depth, sizes.end());
  call.output(at::index_select(params.reshape({places, inner}), 0, positions).reshape(out));
}

/// `target` with `updates` added to, or put at, the positions that `indices` names; updates may be one number.
static at::Tensor scattered(at::Tensor target, const at::Tensor& indices, const at::Tensor& updates, bool add) {
  const auto sizes = target.sizes().vec();
  const int64_t depth = indices.dim() > 1 ? indices.size(-1) : 1;
  const at::Tensor positions = flat_positions(indices, depth, sizes);
  const int64_t places = product(sizes.data(), sizes.data() + depth);
  const int64_t inner = product(sizes.data() + depth, sizes.data() + sizes.size());
  at::Tensor rows = target.reshape({places, inner});
  const at::Tensor values = (updates.numel() == 1 ? updates.reshape({1, 1}).expand({positions.numel(), inner})
                                                  : updates.reshape({positions.numel(), inner}))
                                .to(target.scalar_type());
  rows = add ? at::index_add(rows, 0, positions, values) : at::index_copy(rows, 0, positions, values);
  return rows.reshape(sizes);
}

/// indices, updates; [shape]. Updates of one place add up.
KERNEL(ScatterNd) {
  const auto& updates = call.tensor(1);
  call.output(scattered(at::zeros(call.list(), updates.options()), call.tensor(0), updates, true));
}

/// tensor, indices, updates.
KERNEL(TensorScatterUpdate) { call.output(scattered(call.tensor(0), call.tensor(1), call.tensor(2), false)); }

/// sparseIndices [n, rank], sparseValues, defaultValue; [shape].
KERNEL(SparseToDense) {
  const auto& values = call.tensor(1);
  const at::Tensor start = call.tensor(2).to(values.scalar_type()).reshape({}).expand(call.list()).contiguous();
  call.output(scattered(start, call.tensor(0), values, false));
}

/// x [rows, ...], segmentIds [rows]; [numSegments]. Rows whose id is not one of a segment are left out. Half precision adds
/// up in float32: the rows of a frequent token are many.
KERNEL(UnsortedSegmentSum) {
  const auto& x = call.tensor(0);
  const int64_t count = call.integer();
  at::Tensor ids = call.tensor(1).to(at::kLong);
  ids = at::where(at::logical_and(at::ge(ids, 0), at::lt(ids, count)), ids, at::full({}, count, ids.options()));
  auto sizes = x.sizes().vec();
  sizes[0] = count + 1;
  const at::ScalarType type = x.is_floating_point() ? at::kFloat : x.scalar_type();
  at::Tensor sums = at::zeros(sizes, x.options().dtype(type));
  sums.index_add_(0, ids, x.to(type));
  call.output(sums.narrow(0, 0, count).to(x.scalar_type()));
}

/// indices; [depth, dtype], (onValue, offValue).
KERNEL(OneHot) {
  const auto& indices = call.tensor(0);
  const int64_t depth = call.integer();
  const auto options = indices.options();
  const auto type = std::vector<at::ScalarType>{at::kFloat, at::kInt, at::kBool}[call.integer()];
  const double on = call.number(), off = call.number();
  const at::Tensor hit = at::eq(indices.unsqueeze(-1), at::arange(depth, options));
  call.output(at::where(hit, at::full({}, on, options.dtype(type)), at::full({}, off, options.dtype(type))));
}
