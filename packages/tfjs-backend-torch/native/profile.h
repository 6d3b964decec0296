#pragma once
#include <node_api.h>

namespace videor1 {

/// profile(begin: boolean): begins, or ends and returns { name, onDevice, milliseconds, count }[].
napi_value profile(napi_env env, napi_callback_info info);

}  // namespace videor1
