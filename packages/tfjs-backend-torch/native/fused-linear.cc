#include "compute-dtype.h"
#include "fused.h"

namespace videor1 {

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::ScalarType type = product_type(x, weight);
  const at::Tensor rows = stored_as(x, type).reshape({-1, weight.size(1)});
  const at::Tensor columns = stored_as(weight, type).t();
  const at::Tensor y = bias.defined() ? at::addmm(stored_as(bias, type), rows, columns) : at::mm(rows, columns);
  std::vector<int64_t> shape = x.sizes().vec();
  shape.back() = weight.size(0);
  return y.view(shape);
}

}  // namespace videor1
