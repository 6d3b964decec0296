#include "call.h"
#include "compute-dtype.h"

namespace videor1 {

int32_t Environment::put(at::Tensor tensor) {
  if (free.empty()) {
    slots.push_back(std::move(tensor));
    return static_cast<int32_t>(slots.size() - 1);
  }
  const int32_t slot = free.back();
  free.pop_back();
  slots[slot] = std::move(tensor);
  return slot;
}

const at::Tensor& Environment::get(int32_t slot) const {
  TORCH_CHECK(slot >= 0 && static_cast<size_t>(slot) < slots.size() && slots[slot].defined(), "no tensor in slot ", slot);
  return slots[slot];
}

void Environment::drop(int32_t slot) {
  get(slot);
  slots[slot] = at::Tensor();
  parked.erase(slot);
  free.push_back(slot);
}

Call::Call(Environment& environment) : environment_(environment), count_(environment.ints[0]), next_(count_ + 1) {}

const at::Tensor& Call::tensor(size_t i) const {
  TORCH_CHECK(i < count_, "tensor ", i, " of ", count_, " is missing");
  return environment_.get(environment_.ints[i + 1]);
}

bool Call::has(size_t i) const { return i < count_ && environment_.ints[i + 1] >= 0; }

int64_t Call::integer() {
  TORCH_CHECK(next_ < environment_.int_count, "too many integers in a call");
  return environment_.ints[next_++];
}

std::vector<int64_t> Call::list() {
  const int64_t size = integer();
  std::vector<int64_t> values(size);
  for (auto& value : values) value = integer();
  return values;
}

static int32_t dtype_code(at::ScalarType type) {
  switch (type) {
    case at::kInt:
    case at::kShort: return 1;  // int16: the remainders of split weights
    case at::kBool: return 2;
    default: return 0;  // float32, or bfloat16 or float16 behind it
  }
}

int32_t Call::finish() {
  size_t at = 0;
  for (auto& tensor : outputs_) {
    if (tensor.scalar_type() == at::kLong) tensor = tensor.to(at::kInt);
    if (tensor.scalar_type() == at::kDouble) tensor = tensor.to(at::kFloat);
    if (environment_.check_nan && tensor.is_floating_point() && at::isnan(tensor).any().item<bool>()) {
      throw NaNError("the result holds a NaN");
    }
    const auto sizes = tensor.sizes();
    TORCH_CHECK(at + 3 + sizes.size() <= environment_.int_count, "too many outputs");
    const int32_t dtype = dtype_code(tensor.scalar_type());
    int32_t* out = environment_.ints + at;
    out[1] = dtype;
    out[2] = static_cast<int32_t>(sizes.size());
    for (size_t i = 0; i < sizes.size(); i++) out[3 + i] = static_cast<int32_t>(sizes[i]);
    at += 3 + sizes.size();
    out[0] = environment_.put(std::move(tensor));
    if (parked_) environment_.parked.insert(out[0]);
  }
  return static_cast<int32_t>(outputs_.size());
}

std::vector<Registration>& kernels() {
  static std::vector<Registration> all;
  return all;
}

std::pair<at::Tensor, at::Tensor> matched(const at::Tensor& a, const at::Tensor& b) {
  const at::ScalarType type = product_type(a, b);
  return {stored_as(a, type), stored_as(b, type)};
}

}  // namespace videor1
