#include "arena.h"

namespace videor1 {

at::Tensor in_one_piece(at::Device device, const std::function<void(const Take&)>& lay_out) {
  int64_t bytes = 0;
  const auto place = [&](at::IntArrayRef sizes, at::ScalarType type) {
    const int64_t first = bytes, size = c10::multiply_integers(sizes) * static_cast<int64_t>(c10::elementSize(type));
    bytes += (size + 255) / 256 * 256;  // as aligned as an allocation of its own
    return std::make_pair(first, size);
  };
  lay_out([&](at::IntArrayRef sizes, at::ScalarType type) {
    place(sizes, type);
    return at::Tensor();
  });
  const at::Tensor memory = at::zeros({bytes}, at::TensorOptions().dtype(at::kByte).device(device));
  bytes = 0;
  lay_out([&](at::IntArrayRef sizes, at::ScalarType type) {
    const auto [first, size] = place(sizes, type);
    return memory.narrow(0, first, size).view(type).view(sizes);
  });
  return memory;
}

}  // namespace videor1
