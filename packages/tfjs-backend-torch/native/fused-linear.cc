#include "compute-dtype.h"
#include "few-rows.h"
#include "fused.h"

namespace videor1 {
namespace {

bool is_few(const at::Tensor& rows, const at::Tensor& weight, const at::Tensor& bias) {
  return rows.size(0) <= kFewRows && rows.size(1) % kFewRowsDepth == 0 && is_cpu_float(rows) && is_cpu_float(weight) &&
         (!bias.defined() || is_cpu_float(bias));
}

at::Tensor few_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor rows = x.contiguous(), w = weight.contiguous(), b = bias.defined() ? bias.contiguous() : bias;
  at::Tensor y = at::empty({rows.size(0), w.size(0)}, rows.options());
  few_rows_product(rows.data_ptr<float>(), rows.size(0), w.data_ptr<float>(), w.size(0), w.size(1),
                   b.defined() ? b.data_ptr<float>() : nullptr, y.data_ptr<float>());
  return y;
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::ScalarType type = product_type(x, weight);
  const at::Tensor rows = stored_as(x, type).reshape({-1, weight.size(1)});
  std::vector<int64_t> shape = x.sizes().vec();
  shape.back() = weight.size(0);
  if (is_few(rows, weight, bias)) return few_rows(rows, weight, bias).view(shape);
  const at::Tensor columns = stored_as(weight, type).t();
  const at::Tensor y = bias.defined() ? at::addmm(stored_as(bias, type), rows, columns) : at::mm(rows, columns);
  return y.view(shape);
}

}  // namespace videor1
