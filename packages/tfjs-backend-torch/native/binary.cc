// Element by element, of two tensors that broadcast.
#include "call.h"

KERNEL(Add) { call.output(at::add(call.tensor(0), call.tensor(1))); }
