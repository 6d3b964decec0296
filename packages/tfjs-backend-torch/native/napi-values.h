// JavaScript's values as C++'s and back, and C++'s exceptions as JavaScript's errors.
#pragma once
#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <node_api.h>
#include <new>
#include <string>

#include "call.h"

namespace videor1 {

/// Runs `body` and turns what it throws into a JavaScript Error; its code is OUT_OF_MEMORY, NAN, NON_FINITE_LOGITS or TORCH.
template <class Body>
napi_value guarded(napi_env env, Body body) {
  std::string message;
  const char* code = "TORCH";
  try {
    c10::InferenceMode inference;
    return body();
  } catch (const c10::Error& error) {
    message = error.what_without_backtrace();
  } catch (const NaNError& error) {
    message = error.what();
    code = "NAN";
  } catch (const NonFiniteLogitsError& error) {
    message = error.what();
    code = "NON_FINITE_LOGITS";
  } catch (const std::bad_alloc& error) {
    message = "out of memory";
    code = "OUT_OF_MEMORY";
  } catch (const std::exception& error) {
    message = error.what();
  }
  for (const char* sign : {"can't allocate memory", "not enough memory", "out of memory"}) {
    if (message.find(sign) != std::string::npos) code = "OUT_OF_MEMORY";
  }
  napi_throw_error(env, code, message.c_str());
  return nullptr;
}

inline Environment& environment_of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return *static_cast<Environment*>(data);
}

template <size_t N>
struct Arguments {
  napi_value values[N];
  Arguments(napi_env env, napi_callback_info info) {
    size_t count = N;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
    TORCH_CHECK(count >= N, "expected ", N, " arguments, got ", count);
  }
};

inline int32_t int_of(napi_env env, napi_value value) {
  int32_t result = 0;
  TORCH_CHECK(napi_get_value_int32(env, value, &result) == napi_ok, "expected an integer");
  return result;
}

inline std::string string_of(napi_env env, napi_value value) {
  size_t size = 0;
  TORCH_CHECK(napi_get_value_string_utf8(env, value, nullptr, 0, &size) == napi_ok, "expected a string");
  std::string text(size, '\0');
  napi_get_value_string_utf8(env, value, text.data(), size + 1, &size);
  return text;
}

inline napi_value int_value(napi_env env, int32_t value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

inline napi_value number_value(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

inline napi_value string_value(napi_env env, const std::string& value) {
  napi_value result;
  napi_create_string_utf8(env, value.data(), value.size(), &result);
  return result;
}

struct Bytes {
  void* data = nullptr;
  size_t size = 0;  // in elements
};

inline Bytes bytes_of(napi_env env, napi_value value) {
  Bytes bytes;
  TORCH_CHECK(napi_get_typedarray_info(env, value, nullptr, &bytes.size, &bytes.data, nullptr, nullptr) == napi_ok,
              "expected a typed array");
  return bytes;
}

}  // namespace videor1
