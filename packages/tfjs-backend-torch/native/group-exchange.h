// The operations of a process group over its peers.
#pragma once
#include "process-group.h"

namespace videor1 {

/// Each operation begins with a header of every member, so that members that call different ones all get an error.
class Exchange {
 public:
  Exchange(const GroupOptions& options, std::unique_ptr<Peers> peers) : options_(options), peers_(std::move(peers)) {}

  /// Every member's bytes, in order of rank.
  std::vector<std::string> gather(std::string bytes);
  /// Rows [size, n] of `input` go to the members, those of `output` come from them. Both contiguous.
  void all_to_all(const at::Tensor& output, const at::Tensor& input);
  /// `input` [n] goes to all members; `output` is [size, n].
  void all_gather(const at::Tensor& output, const at::Tensor& input);

 private:
  struct Header;
  /// @throws GroupError COLLECTIVE_MISMATCH.
  std::vector<Header> agree(int operation, int64_t bytes, const std::string& content);

  GroupOptions options_;
  std::unique_ptr<Peers> peers_;
};

}  // namespace videor1
