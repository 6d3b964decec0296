// A group's store: the one that its options name, if it speaks the language of this libtorch.
#pragma once
#include "process-group.h"

namespace videor1 {

/// Connects to the store. A launcher's own store can be that of another PyTorch, which does not answer a client of this one
/// (1.13 and 2.x differ): then rank 0 serves one at the next port, and `options` says so.
/// @throws GroupError COLLECTIVE_TIMEOUT if there is none in time.
std::unique_ptr<KeyStore> find_store(GroupOptions& options);

}  // namespace videor1
