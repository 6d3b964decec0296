#include "few-rows.h"
#include "fused.h"

namespace videor1 {
namespace {

bool is_few(const at::Tensor& rows, const at::Tensor& weight) {
  const int64_t line = rows.scalar_type() == at::kFloat ? kFewRowsDepth : 2 * kFewRowsDepth;
  return rows.size(0) <= kFewRows && rows.size(1) % line == 0 && has_loops(rows) && rows.scalar_type() == weight.scalar_type();
}

at::Tensor few_rows(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor rows = x.contiguous(), w = weight.contiguous(), b = bias.defined() ? like(bias, x).contiguous() : bias;
  at::Tensor y = at::empty({rows.size(0), w.size(0)}, rows.options());
  by_storage(rows, [&](auto kind) {
    using T = decltype(kind);
    few_rows_product(stored_data<const T>(rows), rows.size(0), stored_data<const T>(w), w.size(0), w.size(1),
                     stored_data<const T>(b), stored_data<T>(y));
  });
  return y;
}

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const at::ScalarType type = product_type(x, weight);
  const at::Tensor rows = stored_as(x, type).reshape({-1, weight.size(1)});
  std::vector<int64_t> shape = x.sizes().vec();
  shape.back() = weight.size(0);
  if (is_few(rows, weight)) return few_rows(rows, weight, bias).view(shape);
  const at::ScalarType within = multiplies_wide(rows) ? at::kFloat : type;
  const at::Tensor left = stored_as(rows, within), columns = stored_as(weight, within).t();
  const at::Tensor y = bias.defined() ? at::addmm(stored_as(bias, within), left, columns) : at::mm(left, columns);
  return stored_as(y, type).view(shape);
}

}  // namespace videor1
