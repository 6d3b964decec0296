#include "pending-writes.h"
#include <omp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <cstring>
#include <map>
#include "file-transfer.h"
#include "napi-values.h"
#include "split-float32.h"

namespace videor1 {

Environment::Environment() = default;
Environment::~Environment() = default;

void write_to_file(const PendingWrite& write) {
  const at::Tensor flat = write.x.reshape({-1});
  const at::Tensor remainder = write.remainder.defined() ? write.remainder.reshape({-1}) : at::Tensor();
  const int64_t width = at::elementSize(write.type);
  const auto push = [&](void* from, int64_t bytes, int64_t to) { return pwrite(write.descriptor, from, bytes, to); };
  in_parts(flat.numel(), width, [&](int64_t first, int64_t count) {
    at::Tensor part = flat.narrow(0, first, count);
    if (remainder.defined()) {
      const at::Tensor joined = at::empty({count}, part.options().dtype(at::kFloat));
      join_into(joined, part, remainder.narrow(0, first, count));
      part = joined;
    }
    part = part.to(write.type).cpu().contiguous();
    transfer_all(push, static_cast<char*>(part.data_ptr()), count * width, write.position + first * width, "write");
  });
}

namespace {

/// Eight tables of CRC-32 (polynomial 0xedb88320), so that eight bytes take eight lookups and no chain of eight.
using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

CrcTables make_crc_tables() {
  CrcTables tables;
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    tables[0][i] = value;
  }
  for (int k = 1; k < 8; k++)
    for (int i = 0; i < 256; i++) tables[k][i] = tables[k - 1][i] >> 8 ^ tables[0][tables[k - 1][i] & 0xff];
  return tables;
}

uint32_t crc32(uint32_t crc, const uint8_t* data, int64_t size) {
  static const CrcTables tables = make_crc_tables();
  crc = ~crc;
  for (; size >= 8; data += 8, size -= 8) {
    uint32_t low, high;
    std::memcpy(&low, data, 4);
    std::memcpy(&high, data + 4, 4);
    low ^= crc;
    crc = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^
          tables[3][high & 0xff] ^ tables[2][high >> 8 & 0xff] ^ tables[1][high >> 16 & 0xff] ^ tables[0][high >> 24];
  }
  for (; size > 0; data++, size--) crc = crc >> 8 ^ tables[0][(crc ^ *data) & 0xff];
  return ~crc;
}

/// Of all that the file holds.
uint32_t crc32_of_file(int descriptor) {
  struct stat about;
  TORCH_CHECK(fstat(descriptor, &about) == 0, "cannot read: ", std::strerror(errno));
  std::vector<uint8_t> chunk(int64_t(4) << 20);
  const auto pull = [&](void* to, int64_t bytes, int64_t from) { return pread(descriptor, to, bytes, from); };
  uint32_t crc = 0;
  for (int64_t done = 0; done < about.st_size;) {
    const int64_t count = std::min<int64_t>(chunk.size(), about.st_size - done);
    transfer_all(pull, reinterpret_cast<char*>(chunk.data()), count, done, "read");
    crc = crc32(crc, chunk.data(), count);
    done += count;
  }
  return crc;
}

struct Flush {
  std::vector<PendingWrite> writes;
  std::map<int, uint32_t> checksums;
  std::string failure;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
};

void execute(napi_env, void* data) {
  Flush& flush = *static_cast<Flush*>(data);
  omp_set_num_threads(1);  // of this thread alone: the others compute meanwhile
  try {
    c10::InferenceMode inference;
    for (PendingWrite& write : flush.writes) {
      write_to_file(write);
      flush.checksums[write.descriptor] = 0;
    }
    for (auto& [descriptor, checksum] : flush.checksums) {
      TORCH_CHECK(fsync(descriptor) == 0, "cannot write: ", std::strerror(errno));
      checksum = crc32_of_file(descriptor);
    }
  } catch (const c10::Error& error) {
    flush.failure = error.what_without_backtrace();
  } catch (const std::exception& error) {
    flush.failure = error.what();
  }
}

void complete(napi_env env, napi_status status, void* data) {
  std::unique_ptr<Flush> flush(static_cast<Flush*>(data));
  napi_delete_async_work(env, flush->work);
  if (status != napi_ok && flush->failure.empty()) flush->failure = "the environment ends";
  if (!flush->failure.empty()) {
    napi_value error;
    napi_create_error(env, string_value(env, "TORCH"), string_value(env, flush->failure), &error);
    napi_reject_deferred(env, flush->deferred, error);
    return;
  }
  napi_value pairs;
  napi_create_array(env, &pairs);
  uint32_t i = 0;
  for (const auto& [descriptor, checksum] : flush->checksums) {
    napi_value pair;
    napi_create_array(env, &pair);
    napi_set_element(env, pair, 0, int_value(env, descriptor));
    napi_set_element(env, pair, 1, number_value(env, checksum));
    napi_set_element(env, pairs, i++, pair);
  }
  napi_resolve_deferred(env, flush->deferred, pairs);
}

}  // namespace

napi_value flush(napi_env env, napi_callback_info) {
  return guarded(env, [&] {
    auto flush = std::make_unique<Flush>();
    flush->writes = std::move(environment_of(env).pending);
    environment_of(env).pending.clear();
    napi_value promise;
    napi_create_promise(env, &flush->deferred, &promise);
    napi_create_async_work(env, nullptr, string_value(env, "videor1:flush"), execute, complete, flush.get(), &flush->work);
    TORCH_CHECK(napi_queue_async_work(env, flush->work) == napi_ok, "cannot start a thread");
    flush.release();
    return promise;
  });
}

}  // namespace videor1
