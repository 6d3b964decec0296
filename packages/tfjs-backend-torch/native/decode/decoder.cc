#include "compute-dtype.h"
#include "decoder.h"
#include "fused.h"

namespace videor1 {

at::Tensor Linear::operator()(const at::Tensor& x) const {
  const at::Tensor y = linear(x, weight, bias);
  if (!adapter_a.defined()) return y;
  return y + linear(linear(x, adapter_a, at::Tensor()), adapter_b, at::Tensor());
}

}  // namespace videor1
