// What a process group needs of c10d, without c10d's headers: c10d.cc alone includes them.
#pragma once
#include <ATen/ATen.h>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace videor1 {

struct GroupOptions {
  bool tcp;          // else a file
  std::string host;  // or the file's path
  int port;
  bool is_server;
  std::string prefix;
  int rank;
  int size;
  std::chrono::milliseconds timeout;
};

/// Why a group is of no use any more; `code` is one of CollectiveErrorCode, or TORCH.
struct GroupError : std::runtime_error {
  std::string code;
  std::vector<int> ranks;
  GroupError(std::string code, std::vector<int> ranks, const std::string& message)
      : std::runtime_error(message), code(std::move(code)), ranks(std::move(ranks)) {}
};

/// A connection of its own to the store of a group; for one thread.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  virtual void set(const std::string& key, const std::string& value) = 0;
  /// Does not wait for it.
  virtual std::optional<std::string> find(const std::string& key) = 0;
  /// Adds 1 to a counter; its new value.
  virtual int64_t count(const std::string& key) = 0;
};

/// Connections to all members: Gloo for tensors of the CPU, NCCL for those of a GPU. Calls block, throw what c10d throws, and are made by all members in the same order.
class Peers {
 public:
  virtual ~Peers() = default;
  /// Rows of `output` are the members' `input`s; contiguous bytes.
  virtual void all_gather(at::Tensor output, at::Tensor input) = 0;
  virtual void all_to_all(at::Tensor output, at::Tensor input) = 0;
  virtual void broadcast(at::Tensor bytes, int root) = 0;
};

/// Waits for the one who serves it. Keys get the prefix.
std::unique_ptr<KeyStore> connect_store(const GroupOptions& options, std::chrono::milliseconds timeout);

/// Waits for all members. `address` is that of this machine which the others reach; `interface`, if not empty, goes before it.
std::unique_ptr<Peers> connect_peers(const GroupOptions& options, const std::string& address, const std::string& interface);

/// What moves data here: "gloo" for the CPU, "nccl" for GPUs; none where libtorch has no c10d.
std::vector<std::string> collective_backends();

}  // namespace videor1
