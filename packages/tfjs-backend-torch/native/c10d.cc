// PyTorch's c10d: stores and Gloo. The one file that includes c10d's headers.
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "process-group.h"
#include "torch-version.h"

namespace videor1 {
namespace {

c10::intrusive_ptr<c10d::Store> open_store(const GroupOptions& options, std::chrono::milliseconds timeout) {
  c10::intrusive_ptr<c10d::Store> store;
  if (options.tcp) {
    c10d::TCPStoreOptions tcp;
    tcp.port = static_cast<uint16_t>(options.port);
    tcp.isServer = options.is_server;
    tcp.waitWorkers = false;
    tcp.multiTenant = true;  // the groups of a process share the server of a port
    tcp.timeout = std::max(timeout, std::chrono::milliseconds(1000));  // 1.13 counts in seconds
    store = c10::make_intrusive<c10d::TCPStore>(options.host, tcp);
  } else {
    store = c10::make_intrusive<c10d::FileStore>(options.host, -1);  // -1: the last member does not delete the file
  }
  store->setTimeout(timeout);
  return c10::make_intrusive<c10d::PrefixStore>(options.prefix, store);
}

class C10dStore : public KeyStore {
 public:
  C10dStore(const GroupOptions& options, std::chrono::milliseconds timeout) : store_(open_store(options, timeout)) {}

  void set(const std::string& key, const std::string& value) override {
    store_->set(key, std::vector<uint8_t>(value.begin(), value.end()));
  }

  std::optional<std::string> find(const std::string& key) override {
    if (!store_->check({key})) return std::nullopt;
    const std::vector<uint8_t> value = store_->get(key);
    return std::string(value.begin(), value.end());
  }

  int64_t count(const std::string& key) override { return store_->add(key, 1); }

 private:
  c10::intrusive_ptr<c10d::Store> store_;
};

class GlooPeers : public Peers {
 public:
  GlooPeers(const GroupOptions& options, const std::string& address, const std::string& interface) {
    auto gloo = c10d::ProcessGroupGloo::Options::create(options.timeout);
    gloo->devices.push_back(interface.empty() ? c10d::ProcessGroupGloo::createDeviceForHostname(address)
                                              : c10d::ProcessGroupGloo::createDeviceForInterface(interface));
    group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(open_store(options, options.timeout), options.rank, options.size, gloo);
  }

  void all_gather(at::Tensor output, at::Tensor input) override {
    std::vector<std::vector<at::Tensor>> outputs{output.unbind(0)};
    std::vector<at::Tensor> inputs{input};
    group_->allgather(outputs, inputs)->wait();
  }

  void all_to_all(at::Tensor output, at::Tensor input) override {
    std::vector<int64_t> equal_parts;
    group_->alltoall_base(output, input, equal_parts, equal_parts)->wait();
  }

  void broadcast(at::Tensor bytes, int root) override {
    std::vector<at::Tensor> tensors{bytes};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    group_->broadcast(tensors, options)->wait();
  }

 private:
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

std::unique_ptr<KeyStore> connect_store(const GroupOptions& options, std::chrono::milliseconds timeout) {
  return std::make_unique<C10dStore>(options, timeout);
}

std::unique_ptr<Peers> connect_gloo(const GroupOptions& options, const std::string& address, const std::string& interface) {
  return std::make_unique<GlooPeers>(options, address, interface);
}

}  // namespace videor1
