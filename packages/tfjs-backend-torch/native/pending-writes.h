// Tensors on their way into files: at once, or later and beside JavaScript, on a thread of Node's pool.
#pragma once
#include <ATen/ATen.h>
#include <node_api.h>
#include <cstdint>

namespace videor1 {

/// x, with its remainder if it is split (split-float32.h), as `type` into the file from `position` on. Until it is written nothing
/// may change the tensor in place.
struct PendingWrite {
  at::Tensor x, remainder;
  int descriptor;
  int64_t position;
  at::ScalarType type;
};

/// In parts, so that a tensor needs no second copy of its size.
void write_to_file(const PendingWrite& write);

/// flush(): a promise of [descriptor, CRC-32] of each file that the pending writes go to, once all is written and on the disk.
napi_value flush(napi_env env, napi_callback_info info);

}  // namespace videor1
