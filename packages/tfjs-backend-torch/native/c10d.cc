// PyTorch's c10d: stores, Gloo and NCCL. The one file that includes c10d's headers, where libtorch has it.
#include "process-group.h"

#ifdef VIDEOR1_C10D
#define USE_C10D_GLOO
#ifdef VIDEOR1_NCCL
#define USE_C10D_NCCL
#endif
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef VIDEOR1_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif
#include <cstring>
#include <thread>

#include "torch-version.h"

namespace videor1 {
namespace {

#if TORCH_AT_LEAST(2, 0)
using Backend = c10d::Backend;
#else
using Backend = c10d::ProcessGroup;
#endif

/// The server of an earlier group of this process may be about to leave the port.
c10::intrusive_ptr<c10d::Store> open_tcp_store(const std::string& host, const c10d::TCPStoreOptions& tcp) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  for (;;) {
    try {
      return c10::make_intrusive<c10d::TCPStore>(host, tcp);
    } catch (const std::exception& error) {
      const bool is_taken = std::string(error.what()).find("in use") != std::string::npos;
      if (!tcp.isServer || !is_taken || std::chrono::steady_clock::now() > end) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

c10::intrusive_ptr<c10d::Store> open_store(const GroupOptions& options, std::chrono::milliseconds timeout) {
  c10::intrusive_ptr<c10d::Store> store;
  if (options.tcp) {
    c10d::TCPStoreOptions tcp;
    tcp.port = static_cast<uint16_t>(options.port);
    tcp.isServer = options.is_server;
    tcp.waitWorkers = false;
    tcp.multiTenant = true;  // the groups of a process share the server of a port
    tcp.timeout = std::max(timeout, std::chrono::milliseconds(1000));  // 1.13 counts in seconds
    store = open_tcp_store(options.host, tcp);
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

class C10dPeers : public Peers {
 public:
  C10dPeers(const GroupOptions& options, const std::string& address, const std::string& interface) : options_(options) {
    auto gloo = c10d::ProcessGroupGloo::Options::create(options.timeout);
    gloo->devices.push_back(interface.empty() ? c10d::ProcessGroupGloo::createDeviceForHostname(address)
                                              : c10d::ProcessGroupGloo::createDeviceForInterface(interface));
    gloo_ = c10::make_intrusive<c10d::ProcessGroupGloo>(open_store(options, options.timeout), options.rank, options.size, gloo);
  }

  void all_gather(at::Tensor output, at::Tensor input) override {
#ifdef VIDEOR1_NCCL
    if (output.is_cuda()) return watched(output, [&](Backend& nccl) { return nccl._allgather_base(output, input); });
#endif
    // Row by row into its place: Gloo's own gathers into memory of its own first, which takes three times as long.
    std::vector<c10::intrusive_ptr<c10d::Work>> works;
    std::vector<at::Tensor> own{input};
    for (int step = 1; step < options_.size; step++) {
      std::vector<at::Tensor> row{output[(options_.rank + step) % options_.size]};
      works.push_back(gloo_->recv(row, (options_.rank + step) % options_.size, 0));
      works.push_back(gloo_->send(own, (options_.rank - step + options_.size) % options_.size, 0));
    }
    std::memcpy(output[options_.rank].data_ptr(), input.data_ptr(), input.nbytes());
    for (const auto& work : works) work->wait();
  }

  void all_to_all(at::Tensor output, at::Tensor input) override {
    std::vector<int64_t> equal_parts;
#ifdef VIDEOR1_NCCL
    if (output.is_cuda())
      return watched(output, [&](Backend& nccl) { return nccl.alltoall_base(output, input, equal_parts, equal_parts); });
#endif
    gloo_->alltoall_base(output, input, equal_parts, equal_parts)->wait();
  }

  void broadcast(at::Tensor bytes, int root) override {
    std::vector<at::Tensor> tensors{bytes};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    gloo_->broadcast(tensors, options)->wait();
  }

 private:
  const GroupOptions options_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo_;

#ifdef VIDEOR1_NCCL
  // Not yet run: it compiles against torch 2.15 for CUDA 13.
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> nccl_;

  /// The first use makes the communicator, on the tensor's device.
  Backend& nccl() {
    if (!nccl_) {
      // c10d's own watchdog ends the process when an operation takes too long; here that is an error that names the ranks.
      setenv("TORCH_NCCL_ASYNC_ERROR_HANDLING", "0", 1);
      setenv("NCCL_ASYNC_ERROR_HANDLING", "0", 1);
      auto settings = c10d::ProcessGroupNCCL::Options::create();
      settings->timeout = options_.timeout;
      auto store = c10::make_intrusive<c10d::PrefixStore>("nccl", open_store(options_, options_.timeout));
      nccl_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(store, options_.rank, options_.size, settings);
    }
    return *nccl_;
  }

  /// Begins an operation after all that the device was given before, and waits for its end on the device.
  template <class Begin>
  void watched(const at::Tensor& output, Begin begin) {
    const c10::cuda::CUDAGuard on(output.device());
    const auto end = std::chrono::steady_clock::now() + options_.timeout;
    const auto work = begin(nccl());
    while (!work->isCompleted()) {
      if (std::chrono::steady_clock::now() > end) {
#if TORCH_AT_LEAST(2, 6)
        nccl_->abort();
#endif
        TORCH_CHECK(false, "Timed out waiting for NCCL");
      }
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    if (const std::exception_ptr failure = work->exception()) std::rethrow_exception(failure);
    work->synchronize();
  }
#endif
};

}  // namespace

std::unique_ptr<KeyStore> connect_store(const GroupOptions& options, std::chrono::milliseconds timeout) {
  return std::make_unique<C10dStore>(options, timeout);
}

std::unique_ptr<Peers> connect_peers(const GroupOptions& options, const std::string& address, const std::string& interface) {
  return std::make_unique<C10dPeers>(options, address, interface);
}

#ifdef VIDEOR1_NCCL
std::vector<std::string> collective_backends() { return {"gloo", "nccl"}; }
#else
std::vector<std::string> collective_backends() { return {"gloo"}; }
#endif

}  // namespace videor1

#else

namespace videor1 {

std::unique_ptr<KeyStore> connect_store(const GroupOptions&, std::chrono::milliseconds) {
  TORCH_CHECK(false, "this libtorch has no c10d: its package lacks the headers, or was built without USE_DISTRIBUTED");
}

std::unique_ptr<Peers> connect_peers(const GroupOptions&, const std::string&, const std::string&) { return nullptr; }

std::vector<std::string> collective_backends() { return {}; }

}  // namespace videor1

#endif
