#pragma once
#include <ATen/ATen.h>
#include <ATen/record_function.h>
#include <vector>

namespace videor1 {

/** A tensor of the host on the device: the one way in which a decode session writes there, so that launches.h can list it. */
inline at::Tensor to_device(const at::Tensor& host, at::Device device) {
  RECORD_USER_SCOPE("host write");
  return host.to(device);
}

inline at::Tensor ints_on(const std::vector<int64_t>& values, at::Device device) {
  return to_device(at::tensor(values, at::TensorOptions().dtype(at::kLong)), device);
}

}  // namespace videor1
