// What a pass would ask a device to do, counted without one: kernels by the name of the op that launches them, and writes from
// the host's memory. While it counts, the ops of fused.h take the forms of a device, on tensors of the CPU.
#pragma once
#include <ATen/ATen.h>
#include <node_api.h>

namespace videor1 {

/// Whether this thread counts.
bool counts_launches();

/// Whether the form for devices applies.
inline bool is_on_device(const at::Tensor& x) { return !x.is_cpu() || counts_launches(); }

/// While it lives, this thread does the work of one op of a device that the CPU, or this libtorch, lacks; it counts as `kernels`
/// launches of `name`, and the ops within it do not count.
class Launch {
 public:
  explicit Launch(const char* name, int64_t kernels = 1);
  ~Launch();
  Launch(const Launch&) = delete;
};

/// A write of so many bytes from the host to the device.
void count_host_write(int64_t bytes);

/// launches(begin: boolean): begins to count, or ends and returns { kernels: { name, count }[], hostWrites, hostBytes }.
napi_value launches(napi_env env, napi_callback_info info);

}  // namespace videor1
