// Bytes between memory and an open file.
#pragma once
#include <ATen/ATen.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace videor1 {

constexpr int64_t kPartBytes = int64_t(64) << 20;

/// Moves exactly `bytes` bytes by read or write at `position`.
template <class Transfer>
void transfer_all(Transfer transfer, char* data, int64_t bytes, int64_t position, const char* verb) {
  for (int64_t done = 0; done < bytes;) {
    const ssize_t moved = transfer(data + done, bytes - done, position + done);
    if (moved < 0 && errno == EINTR) continue;
    TORCH_CHECK(moved >= 0, "cannot ", verb, ": ", std::strerror(errno));
    TORCH_CHECK(moved > 0, "the file ends at byte ", position + done, ", ", bytes - done, " bytes too early");
    done += moved;
  }
}

/// body(first element, count) over parts of a tensor of `count` elements.
template <class Body>
void in_parts(int64_t count, int64_t element_bytes, Body body) {
  const int64_t part = kPartBytes / element_bytes;
  for (int64_t first = 0; first < count; first += part) body(first, std::min(part, count - first));
}

}  // namespace videor1
