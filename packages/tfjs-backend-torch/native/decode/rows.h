// What a decode session keeps of its prompts and rows; all of it lies where the weights lie. The kernels for CUDA say how.
#pragma once
#include "../cuda/kernels.h"

namespace videor1 {

using cuda::OwnColumns;
using cuda::PackedPrompts;
using cuda::Rows;

/** Why a row does not run, in Rows::finished. */
enum RowEnd : int32_t { kRuns = 0, kStopped = 1, kFull = 2, kNotFinite = 3, kEmpty = 4 };

}  // namespace videor1
