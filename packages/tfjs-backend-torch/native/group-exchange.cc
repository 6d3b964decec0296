#include "group-exchange.h"

#include <cstring>
#include <sstream>

namespace videor1 {

namespace {
constexpr int kGather = 1, kAllToAll = 2, kAllGather = 3;
const char* const kNames[] = {"", "gather", "allToAll", "allGather"};

/// The memory of a tensor as rows of bytes. It is no inference tensor, which c10d's threads may not write to.
at::Tensor as_bytes(const at::Tensor& x, int64_t rows) {
  const int64_t bytes = static_cast<int64_t>(x.nbytes());
  return at::from_blob(x.data_ptr(), {rows, bytes / rows}, x.options().dtype(at::kByte));
}
}  // namespace

struct Exchange::Header {
  int64_t operation;
  int64_t bytes;
  char content[1008];  // of a gather's bytes, where they fit
};

std::vector<Exchange::Header> Exchange::agree(int operation, int64_t bytes, const std::string& content) {
  Header own{operation, bytes, {}};
  if (content.size() <= sizeof own.content) std::memcpy(own.content, content.data(), content.size());
  std::vector<Header> all(options_.size);
  const int64_t width = sizeof(Header);
  peers_->all_gather(at::from_blob(all.data(), {options_.size, width}, at::kByte), at::from_blob(&own, {width}, at::kByte));
  const bool may_differ = operation == kGather;
  std::vector<int> others;
  std::ostringstream calls;
  for (int rank = 0; rank < options_.size; rank++) {
    const Header& one = all[rank];
    const bool known = one.operation >= 1 && one.operation <= 3;
    calls << (rank == 0 ? "" : ", ") << "rank " << rank << " " << (known ? kNames[one.operation] : "something else");
    if (known && one.operation != kGather) calls << " of " << one.bytes << " bytes";
    if (one.operation != operation || (!may_differ && one.bytes != bytes)) others.push_back(rank);
  }
  if (!others.empty()) throw GroupError("COLLECTIVE_MISMATCH", others, "The members call different operations: " + calls.str());
  return all;
}

std::vector<std::string> Exchange::gather(std::string bytes) {
  const std::vector<Header> headers = agree(kGather, static_cast<int64_t>(bytes.size()), bytes);
  std::vector<std::string> all(options_.size);
  for (int rank = 0; rank < options_.size; rank++) {
    const Header& header = headers[rank];
    if (header.bytes <= static_cast<int64_t>(sizeof header.content)) {
      all[rank].assign(header.content, header.bytes);
      continue;
    }
    if (rank == options_.rank) all[rank] = std::move(bytes);
    else all[rank].resize(header.bytes);
    peers_->broadcast(at::from_blob(all[rank].data(), {header.bytes}, at::kByte), rank);
  }
  return all;
}

void Exchange::all_to_all(const at::Tensor& output, const at::Tensor& input) {
  agree(kAllToAll, static_cast<int64_t>(input.nbytes()), "");
  if (input.nbytes() > 0) peers_->all_to_all(as_bytes(output, options_.size), as_bytes(input, options_.size));
}

void Exchange::all_gather(const at::Tensor& output, const at::Tensor& input) {
  agree(kAllGather, static_cast<int64_t>(input.nbytes()), "");
  if (input.nbytes() > 0) peers_->all_gather(as_bytes(output, options_.size), as_bytes(input, 1).view({-1}));
}

}  // namespace videor1
