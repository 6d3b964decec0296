// How the members of a group find each other in its store.
#pragma once
#include <string>

#include "process-group.h"

namespace videor1 {

struct Meeting {
  /// Of this machine, which the other members reach.
  std::string address;
  /// Whether rank 0 serves the store; else it is a file, or the launcher's.
  bool is_served_by_rank_0;
};

/// Waits for all members.
/// @throws GroupError COLLECTIVE_TIMEOUT with the ranks that did not come; COLLECTIVE_MISMATCH if a rank or a size does not fit.
Meeting meet(const GroupOptions& options, KeyStore& store);

/// An error as the value of a key, and back.
std::string to_record(const GroupError& error);
GroupError from_record(const std::string& record);

/// "rank 1", "ranks 1, 3".
std::string names_of(const std::vector<int>& ranks);
/// 0.5, 60: without zeros at the end.
std::string seconds_of(std::chrono::milliseconds time);

}  // namespace videor1
