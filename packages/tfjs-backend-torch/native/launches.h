// What ops would enqueue on a device, listed without one: ops of ATen that compute or copy, kernels of our own as `cuda::name`, and
// `host write`, each behind the `part/` of a step that it is in.
#pragma once
#include <ATen/ATen.h>
#include <node_api.h>

namespace videor1 {

/// Whether this thread lists, and the ops of fused.h take the forms of a device meanwhile, on tensors of the CPU.
bool counts_launches();

/// Whether the form for devices applies.
inline bool is_on_device(const at::Tensor& x) { return !x.is_cpu() || counts_launches(); }

/// While it lives, this thread does the work of one op of a device that the CPU, or this libtorch, lacks: it is listed as `kernels`
/// times `name`, and the ops within it are not.
class Launch {
 public:
  explicit Launch(const char* name, int64_t kernels = 1);
  ~Launch();
  Launch(const Launch&) = delete;
};

/// A write of so many bytes from the host to the device.
void count_host_write(int64_t bytes);

/// launches(begin: boolean, takesDeviceForms: boolean): begins to list, or ends and returns { names: string[], hostBytes: number };
/// where a part begins, its path alone.
napi_value launches(napi_env env, napi_callback_info info);

}  // namespace videor1
