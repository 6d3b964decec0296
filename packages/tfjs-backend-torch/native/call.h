// The contract between JavaScript and a kernel. JavaScript writes the arguments of a call into two shared arrays:
//   ints:    [tensor count, slot of each tensor or -1, integers ...]
//   numbers: [numbers ...]
// and calls run(kernel). The kernel's outputs come back in ints: for each [slot, dtype, rank, sizes ...].
#pragma once
#include <ATen/ATen.h>
#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

namespace videor1 {

/// What one Node environment (the main thread or a worker thread) owns.
struct PendingWrite;
struct DecodeSession;

struct Environment {
  std::vector<at::Tensor> slots;
  std::vector<int32_t> free;
  /// Slots whose tensors wait in the host's memory; see output_parked.
  std::unordered_set<int32_t> parked;
  int32_t* ints = nullptr;
  size_t int_count = 0;
  double* numbers = nullptr;
  at::Device device = at::Device(at::kCPU);
  /// Whether an op whose result holds a NaN fails.
  bool check_nan = false;
  /// What WriteTensor was told to write later; see pending-writes.h.
  std::vector<PendingWrite> pending;
  /// By their numbers; see decode/session.h.
  std::map<int64_t, std::shared_ptr<DecodeSession>> decode_sessions;

  Environment();
  ~Environment();

  int32_t put(at::Tensor tensor);
  const at::Tensor& get(int32_t slot) const;
  void drop(int32_t slot);
};

/// One call of a kernel: reads its arguments in the order in which JavaScript wrote them.
class Call {
 public:
  explicit Call(Environment& environment);

  size_t count() const { return count_; }
  const at::Tensor& tensor(size_t i) const;
  /// Whether tensor i was given.
  bool has(size_t i) const;
  at::Device device() const { return environment_.device; }
  Environment& environment() { return environment_; }

  int64_t integer();
  bool flag() { return integer() != 0; }
  double number() { return numbers_ < 64 ? environment_.numbers[numbers_++] : 0; }
  /// A count and as many integers.
  std::vector<int64_t> list();

  /// Hands a result to JavaScript. int64 becomes int32, float64 becomes float32: tfjs has no others.
  void output(at::Tensor tensor) { outputs_.push_back(std::move(tensor)); }
  /// Hands a tensor to JavaScript that lies in the host's memory, whatever the device: no kernel but FromHost may read it.
  void output_parked(at::Tensor tensor) {
    output(std::move(tensor));
    parked_ = true;
  }
  int32_t finish();

 private:
  Environment& environment_;
  size_t count_;
  size_t next_;
  size_t numbers_ = 0;
  std::vector<at::Tensor> outputs_;
  bool parked_ = false;
};

/// A result holds a NaN, and the environment asked to be told.
struct NaNError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The logits of which a token was to be drawn are not finite.
struct NonFiniteLogitsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Kernel = void (*)(Call&);

struct Registration {
  std::string name;
  Kernel kernel;
};

/// All kernels of the addon, in the order of their registration.
std::vector<Registration>& kernels();

struct Registrar {
  Registrar(const char* name, Kernel kernel) { kernels().push_back({name, kernel}); }
};

/// Defines and registers a kernel: KERNEL(Name) { call.output(...); }
#define KERNEL(name)                                                       \
  static void kernel_##name(::videor1::Call& call);                        \
  static ::videor1::Registrar registrar_##name(#name, kernel_##name);      \
  static void kernel_##name([[maybe_unused]] ::videor1::Call& call)

/// Both operands in one floating-point type, which ATen's products ask for: that of compute-dtype.h, rule 1.
std::pair<at::Tensor, at::Tensor> matched(const at::Tensor& a, const at::Tensor& b);

}  // namespace videor1
