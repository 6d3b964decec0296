// Convolutions and pooling, in two and three dimensions. tfjs keeps channels last, ATen first: inputs and results are
// permuted views. Padding may differ at the two ends of an axis, so it is done apart, and gradients are cropped.
#include <limits>

#include "call.h"

using Sizes = std::vector<int64_t>;

namespace {

/// Every kernel here starts with [channelsLast, depthwise, strides, dilations, before and after of each spatial axis].
struct Geometry {
  bool channels_last, depthwise;
  Sizes strides, dilations, pads;

  explicit Geometry(videor1::Call& call)
      : channels_last(call.flag()), depthwise(call.flag()), strides(call.list()), dilations(call.list()), pads(call.list()) {}

  int64_t rank() const { return strides.size(); }

  /// [batch, channels, spatial ...], a view.
  at::Tensor channels_first(const at::Tensor& x) const {
    return channels_last ? x.movedim(-1, 1) : x;
  }

  at::Tensor as_given(const at::Tensor& x) const {
    return channels_last ? x.movedim(1, -1) : x;
  }

  at::Tensor padded(const at::Tensor& x, double value) const {
    Sizes from_last;
    for (int64_t axis = rank() - 1; axis >= 0; axis--) {
      from_last.push_back(pads[2 * axis]);
      from_last.push_back(pads[2 * axis + 1]);
    }
    return at::constant_pad_nd(x, from_last, value);
  }

  at::Tensor cropped(at::Tensor x, const Sizes& sizes) const {
    for (int64_t axis = 0; axis < rank(); axis++) x = x.narrow(axis + 2, pads[2 * axis], sizes[axis]);
    return x;
  }

  /// tfjs' filter [spatial ..., in, out], or [spatial ..., in, multiplier] if depthwise, as ATen's [out, in / groups, ...].
  at::Tensor weight(const at::Tensor& filter) const {
    if (!depthwise) return filter.movedim({-1, -2}, {0, 1});
    at::Tensor moved = filter.movedim({-2, -1}, {0, 1});  // [in, multiplier, spatial ...]
    return moved.reshape(joined(moved)).unsqueeze(1);
  }

  /// The inverse of `weight`.
  at::Tensor filter(const at::Tensor& weight, const Sizes& shape) const {
    if (!depthwise) return weight.movedim({0, 1}, {-1, -2});
    Sizes sizes = {shape[rank()], shape[rank() + 1]};
    sizes.insert(sizes.end(), shape.begin(), shape.begin() + rank());
    return weight.reshape(sizes).movedim({0, 1}, {-2, -1});
  }

  Sizes zeros() const { return Sizes(rank(), 0); }

 private:
  static Sizes joined(const at::Tensor& x) {
    Sizes sizes = x.sizes().vec();
    sizes[1] *= sizes[0];
    sizes.erase(sizes.begin());
    return sizes;
  }
};

/// Spatial sizes of [batch, channels, spatial ...].
Sizes spatial(const at::Tensor& x) { return {x.sizes().begin() + 2, x.sizes().end()}; }

auto backward(const Geometry& geometry, const at::Tensor& dy, const at::Tensor& x, const at::Tensor& weight,
              std::array<bool, 3> wanted) {
  const int64_t groups = x.size(1) / weight.size(1);
  return at::convolution_backward(dy, x, weight, c10::nullopt, geometry.strides, geometry.zeros(), geometry.dilations, false,
                                  geometry.zeros(), groups, wanted);
}

at::Tensor sum_pool(const at::Tensor& x, const Sizes& size, const Geometry& geometry) {
  return geometry.rank() == 2 ? at::avg_pool2d(x, size, geometry.strides, geometry.zeros(), false, true, 1)
                              : at::avg_pool3d(x, size, geometry.strides, geometry.zeros(), false, true, 1);
}

}  // namespace

/// x, filter.
KERNEL(Convolution) {
  const Geometry geometry(call);
  auto [x, weight] = videor1::matched(geometry.channels_first(call.tensor(0)), geometry.weight(call.tensor(1)));
  const int64_t groups = x.size(1) / weight.size(1);
  call.output(geometry.as_given(at::convolution(geometry.padded(x, 0), weight, {}, geometry.strides, geometry.zeros(),
                                                geometry.dilations, false, geometry.zeros(), groups)));
}

/// dy, filter; [..., shape of x].
KERNEL(ConvolutionInputGrad) {
  const Geometry geometry(call);
  const at::Tensor dy = geometry.channels_first(call.tensor(0));
  const at::Tensor x = geometry.channels_first(at::zeros({1}, dy.options()).expand(call.list()));
  const at::Tensor padded = geometry.padded(x, 0);
  const at::Tensor dx = std::get<0>(backward(geometry, dy, padded, geometry.weight(call.tensor(1)), {true, false, false}));
  call.output(geometry.as_given(geometry.cropped(dx, spatial(x))));
}

/// x, dy; [..., shape of filter].
KERNEL(ConvolutionFilterGrad) {
  const Geometry geometry(call);
  const at::Tensor x = geometry.padded(geometry.channels_first(call.tensor(0)), 0);
  const Sizes shape = call.list();
  const at::Tensor weight = geometry.weight(at::zeros(shape, x.options()));
  const at::Tensor dy = geometry.channels_first(call.tensor(1));
  call.output(geometry.filter(std::get<1>(backward(geometry, dy, x, weight, {false, true, false})), shape));
}

/// x; [..., window].
KERNEL(MaxPooling) {
  const Geometry geometry(call);
  const Sizes size = call.list();
  const at::Tensor x = geometry.padded(geometry.channels_first(call.tensor(0)), -std::numeric_limits<double>::infinity());
  call.output(geometry.as_given(
      geometry.rank() == 2 ? at::max_pool2d(x, size, geometry.strides, geometry.zeros(), geometry.dilations)
                           : at::max_pool3d(x, size, geometry.strides, geometry.zeros(), geometry.dilations)));
}

/// dy, x; [..., window].
KERNEL(MaxPoolingGrad) {
  const Geometry geometry(call);
  const Sizes size = call.list(), none = geometry.zeros();
  const at::Tensor dy = geometry.channels_first(call.tensor(0)).contiguous();
  const at::Tensor own = geometry.channels_first(call.tensor(1));
  const at::Tensor x = geometry.padded(own, -std::numeric_limits<double>::infinity()).contiguous();
  at::Tensor dx;
  if (geometry.rank() == 2) {
    const auto found = at::max_pool2d_with_indices(x, size, geometry.strides, none, geometry.dilations);
    dx = at::max_pool2d_with_indices_backward(dy, x, size, geometry.strides, none, geometry.dilations, false,
                                              std::get<1>(found));
  } else {
    const auto found = at::max_pool3d_with_indices(x, size, geometry.strides, none, geometry.dilations);
    dx = at::max_pool3d_with_indices_backward(dy, x, size, geometry.strides, none, geometry.dilations, false,
                                              std::get<1>(found));
  }
  call.output(geometry.as_given(geometry.cropped(dx, spatial(own))));
}

/// x; [..., window]. The mean is over what is not padding.
KERNEL(AvgPooling) {
  const Geometry geometry(call);
  const Sizes size = call.list();
  const at::Tensor x = geometry.channels_first(call.tensor(0));
  Sizes one = x.sizes().vec();
  one[0] = one[1] = 1;
  const at::Tensor counts = sum_pool(geometry.padded(at::ones(one, x.options()), 0), size, geometry);
  call.output(geometry.as_given(at::div(sum_pool(geometry.padded(x, 0), size, geometry), counts)));
}

/// dy; [..., window, shape of x]. As tfjs' own: every share is 1 / the window's size, at the border too.
KERNEL(AvgPoolingGrad) {
  const Geometry geometry(call);
  const Sizes size = call.list(), none = geometry.zeros();
  const at::Tensor dy = geometry.channels_first(call.tensor(0)).contiguous();
  const at::Tensor own = geometry.channels_first(at::zeros({1}, dy.options()).expand(call.list()));
  const at::Tensor x = geometry.padded(own, 0).contiguous();
  const at::Tensor dx =
      geometry.rank() == 2 ? at::avg_pool2d_backward(dy, x, size, geometry.strides, none, false, true, c10::nullopt)
                           : at::avg_pool3d_backward(dy, x, size, geometry.strides, none, false, true, c10::nullopt);
  call.output(geometry.as_given(geometry.cropped(dx, spatial(own))));
}
