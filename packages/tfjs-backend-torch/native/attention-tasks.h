// What the loops of attention-cpu.h are run by, for every form of attention.
#pragma once
#include <ATen/Parallel.h>
#include "attention-cpu.h"
#include "storage.h"

namespace videor1 {

/// In the storage type of q, or in float32 where that is another than the loops have.
struct Operands {
  at::Tensor q, k, v;
};

inline Operands operands(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const at::Tensor first = has_loops(q) ? q : as_float(q);
  return {first.contiguous(), like(k, first).contiguous(), like(v, first).contiguous()};
}

/// Runs body(task, scratch) for all tasks, in parallel; every thread has its own scratch.
template <typename Body>
void for_each_task(int64_t tasks, int64_t scratch_floats, const Body& body) {
  at::parallel_for(0, tasks, 1, [&](int64_t first, int64_t last) {
    const at::Tensor scratch = at::empty({scratch_floats}, at::TensorOptions().dtype(at::kFloat));
    for (int64_t task = first; task < last; task++) body(task, scratch.data_ptr<float>());
  });
}

}  // namespace videor1
