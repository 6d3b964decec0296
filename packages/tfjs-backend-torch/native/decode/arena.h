// Tensors that lie in one piece of memory, so that what is made anew in the same sizes has a chance to lie where it lay.
#pragma once
#include <ATen/ATen.h>
#include <functional>

namespace videor1 {

/** A tensor of zeros. */
using Take = std::function<at::Tensor(at::IntArrayRef sizes, at::ScalarType type)>;

/** Calls `lay_out` twice, the first time to count the bytes; what it takes the second time shares the memory that is returned. */
at::Tensor in_one_piece(at::Device device, const std::function<void(const Take&)>& lay_out);

}  // namespace videor1
