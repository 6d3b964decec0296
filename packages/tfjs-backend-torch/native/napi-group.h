// Process groups as functions of the addon.
#pragma once
#include <node_api.h>

namespace videor1 {

/// openGroup(host or path, port or -1, isServer, prefix, rank, size, timeoutMs): handle, at once.
napi_value open_group(napi_env env, napi_callback_info info);
/// groupReady(handle): a promise, once all members are connected. The first call for a handle.
napi_value group_ready(napi_env env, napi_callback_info info);
/// groupGather(handle, bytes): a promise of every member's bytes.
napi_value group_gather(napi_env env, napi_callback_info info);
/// groupAllToAll(handle, slot of the output, slot of the input): a promise.
napi_value group_all_to_all(napi_env env, napi_callback_info info);
napi_value group_all_gather(napi_env env, napi_callback_info info);
/// groupWaitFor(handle, left): blocks until at most so many operations have not ended; false if the group has failed.
napi_value group_wait_for(napi_env env, napi_callback_info info);
/// leaveGroup(handle, reason).
napi_value leave_group(napi_env env, napi_callback_info info);
/// endGroup(handle): as the process ends; waits, seconds at most, until the others can know.
napi_value end_group(napi_env env, napi_callback_info info);

}  // namespace videor1
