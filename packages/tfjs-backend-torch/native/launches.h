#pragma once
#include <node_api.h>

namespace videor1 {

/**
 * launches(begin: boolean): begins to list, or ends and gives as strings, what this thread's ops would enqueue on a device: ops of
 * ATen that compute or copy, kernels of our own as `cuda::name`, and `host write`, each behind the `part/` of a step that it is in; where
 * a part begins, its path alone.
 */
napi_value launches(napi_env env, napi_callback_info info);

}  // namespace videor1
