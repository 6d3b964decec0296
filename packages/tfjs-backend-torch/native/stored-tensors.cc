// Tensors between an open file and the device, without passing through JavaScript's memory: in parts, so that a tensor
// needs no second copy of its size.
#include <unistd.h>
#include "call.h"
#include "file-transfer.h"
#include "pending-writes.h"
#include "split-float32.h"

// Integers: file descriptor, dtype in the file (0 F32, 1 BF16, 2 F16, 3 I16: a remainder, stored as it is), whether to store bfloat16,
// shape. Number: position, bytes.
KERNEL(ReadTensor) {
  const int descriptor = static_cast<int>(call.integer());
  const at::ScalarType types[] = {at::kFloat, at::kBFloat16, at::kHalf, at::kShort};
  const at::ScalarType type = types[call.integer()];
  const bool is_narrow = call.flag();
  const at::ScalarType storage = type == at::kShort ? at::kShort : is_narrow ? at::kBFloat16 : at::kFloat;
  const std::vector<int64_t> shape = call.list();
  const int64_t position = static_cast<int64_t>(call.number()), width = at::elementSize(type);
  at::Tensor result = at::empty(shape, at::TensorOptions().dtype(storage).device(call.device()));
  at::Tensor flat = result.view({-1});
  const auto pull = [&](void* to, int64_t bytes, int64_t from) { return pread(descriptor, to, bytes, from); };
  videor1::in_parts(flat.numel(), width, [&](int64_t first, int64_t count) {
    const at::Tensor target = flat.narrow(0, first, count);
    const bool direct = type == storage && target.is_cpu();
    const at::Tensor part = direct ? target : at::empty({count}, at::TensorOptions().dtype(type));
    videor1::transfer_all(pull, static_cast<char*>(part.data_ptr()), count * width, position + first * width, "read");
    if (!direct) target.copy_(part);
  });
  call.output(result);
}

// Tensors: x, and its remainder if it is split; or a remainder alone, which is written as it is. Integers: file descriptor, whether the
// file gets BF16 instead of F32, whether flush writes it later. Number: position, bytes.
KERNEL(WriteTensor) {
  const at::Tensor remainder = call.has(1) ? call.tensor(1) : at::Tensor();
  const int descriptor = static_cast<int>(call.integer());
  const bool is_narrow = call.flag(), is_remainder = call.tensor(0).scalar_type() == at::kShort;
  const at::ScalarType type = is_remainder ? at::kShort : is_narrow ? at::kBFloat16 : at::kFloat;
  const bool later = call.flag();
  const videor1::PendingWrite write{call.tensor(0), remainder, descriptor, static_cast<int64_t>(call.number()), type};
  if (later) call.environment().pending.push_back(write);
  else videor1::write_to_file(write);
}

// Outputs: the bfloat16 weight and the int16 remainder of split-float32.h.
KERNEL(SplitFloat32) {
  const at::Tensor x = call.tensor(0).to(at::kFloat).contiguous();
  const at::Tensor weight = at::empty(x.sizes(), x.options().dtype(at::kBFloat16));
  const at::Tensor remainder = at::empty(x.sizes(), x.options().dtype(at::kShort));
  videor1::split_into(x, weight, remainder);
  call.output(weight);
  call.output(remainder);
}

KERNEL(JoinFloat32) {
  const at::Tensor weight = call.tensor(0).contiguous();
  const at::Tensor x = at::empty(weight.sizes(), weight.options().dtype(at::kFloat));
  videor1::join_into(x, weight, call.tensor(1).contiguous());
  call.output(x);
}

KERNEL(ToBfloat16) { call.output(call.tensor(0).to(at::kBFloat16)); }

KERNEL(ToFloat32) { call.output(call.tensor(0).to(at::kFloat)); }

// The host's copy is in pinned memory where there is a GPU, from which the device reads at the speed of its bus; on the CPU
// it is the tensor itself.
KERNEL(ToHost) {
  const at::Tensor& x = call.tensor(0);
  call.output_parked(x.is_cuda() ? x.cpu().pin_memory() : x);
}

KERNEL(FromHost) { call.output(call.tensor(0).to(call.device(), /*non_blocking=*/true)); }
