// The kernels of native/cuda for the CPU: a library that tests load, see VIDEOR1_CUDA_EMULATOR in native/cuda/launch.cc.
//   g++ -std=c++17 -O2 -ffp-contract=off -fPIC -shared emulator.cc -o emulator.so
#include "device.h"
#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

videor1::emulator::Index threadIdx, blockIdx, blockDim, gridDim;

namespace videor1::emulator {
namespace {

struct Kernel {
  Body body;
  unsigned threads;
};

std::map<std::string, Kernel>& kernels() {
  static std::map<std::string, Kernel> all;
  return all;
}

enum class State { kRuns, kWaitsForWarp, kWaitsForBlock, kEnded };

struct Fiber {
  State state;
  unsigned exchanges;
#ifdef __SANITIZE_ADDRESS__
  ucontext_t context;
#else
  bool begun;
  jmp_buf at;
#endif
};

constexpr unsigned kMostThreads = 1024;
constexpr size_t kStackBytes = 128 << 10;

Fiber fibers[kMostThreads];
unsigned char slots[kMostThreads / 32][2][32][kSlotBytes];
unsigned running;
Body body;
const void* arguments;
unsigned char* stacks;

#ifdef __SANITIZE_ADDRESS__
ucontext_t scheduler;
void to_scheduler() { swapcontext(&fibers[running].context, &scheduler); }
#else
jmp_buf scheduler;
void to_scheduler() {
  if (_setjmp(fibers[running].at) == 0) _longjmp(scheduler, 1);
}
#endif

void run_thread() {
  body(arguments);
  fibers[running].state = State::kEnded;
  to_scheduler();
}

void begin(unsigned thread, ucontext_t& context, ucontext_t* after) {
  getcontext(&context);
  context.uc_stack.ss_sp = stacks + thread * kStackBytes;
  context.uc_stack.ss_size = kStackBytes;
  context.uc_link = after;
  makecontext(&context, run_thread, 0);
}

/** Runs a thread until it waits or ends. */
void resume(unsigned thread) {
  running = thread;
  threadIdx = {thread, 0, 0};
  Fiber& fiber = fibers[thread];
#ifdef __SANITIZE_ADDRESS__
  swapcontext(&scheduler, &fiber.context);
#else
  if (_setjmp(scheduler) != 0) return;
  if (fiber.begun) _longjmp(fiber.at, 1);
  fiber.begun = true;
  static ucontext_t context;  // left at once, and never returned to: threads change places by longjmp, without system calls
  begin(thread, context, nullptr);
  setcontext(&context);
#endif
}

/** Runs the threads of a warp until all wait for the block or have ended. */
void run_warp(unsigned first, unsigned last) {
  for (;;) {
    unsigned at_warp = 0, at_block = 0;
    for (unsigned thread = first; thread < last; thread++) {
      if (fibers[thread].state == State::kRuns) resume(thread);
      at_warp += fibers[thread].state == State::kWaitsForWarp;
      at_block += fibers[thread].state == State::kWaitsForBlock;
    }
    if (at_warp == 0) return;
    if (at_block > 0) throw std::runtime_error("some lanes of a warp wait for the warp, others for the block");
    for (unsigned thread = first; thread < last; thread++) {
      if (fibers[thread].state == State::kWaitsForWarp) fibers[thread].state = State::kRuns;
    }
  }
}

void run_block(unsigned threads) {
  for (unsigned thread = 0; thread < threads; thread++) {
    Fiber& fiber = fibers[thread];
    fiber.state = State::kRuns;
    fiber.exchanges = 0;
#ifdef __SANITIZE_ADDRESS__
    begin(thread, fiber.context, &scheduler);
#else
    fiber.begun = false;
#endif
  }
  for (bool waits = true; waits;) {
    for (unsigned first = 0; first < threads; first += 32) run_warp(first, first + 32);
    waits = false;
    for (unsigned thread = 0; thread < threads; thread++) {
      if (fibers[thread].state != State::kWaitsForBlock) continue;
      fibers[thread].state = State::kRuns;
      waits = true;
    }
  }
}

void wait(State state) {
  fibers[running].state = state;
  to_scheduler();
}

}  // namespace

Registrar::Registrar(const char* name, Body body, unsigned threads) { kernels()[name] = {body, threads}; }

void wait_for_block() { wait(State::kWaitsForBlock); }
void wait_for_warp() { wait(State::kWaitsForWarp); }

// Two sets in turn: once a lane is past an exchange, all have read what the one before it left.
unsigned char (*next_slots())[kSlotBytes] { return slots[running / 32][fibers[running].exchanges++ % 2]; }

}  // namespace videor1::emulator

#include "../../native/cuda/add-rms-norm.cu"
#include "../../native/cuda/embedding.cu"
#include "../../native/cuda/rotary-cache.cu"
#include "../../native/cuda/thin-product.cu"
#include "../../native/cuda/attention.cu"
#include "../../native/cuda/draw.cu"

/** Runs a kernel over a grid; null, or what went wrong. */
extern "C" const char* videor1_emulate(const char* name, const unsigned* grid, const void* given) {
  using namespace videor1::emulator;
  static std::mutex one_at_a_time;
  static std::string error;
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  const auto found = kernels().find(name);
  if (found == kernels().end()) return (error = std::string("the emulator has no kernel ") + name).c_str();
  if (!stacks) {
    void* memory = mmap(nullptr, kMostThreads * kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return "no memory for the stacks of the emulator's threads";
    stacks = static_cast<unsigned char*>(memory);
  }
  body = found->second.body;
  arguments = given;
  blockDim = {found->second.threads, 1, 1};
  gridDim = {grid[0], grid[1], grid[2]};
  try {
    for (blockIdx.z = 0; blockIdx.z < grid[2]; blockIdx.z++) {
      for (blockIdx.y = 0; blockIdx.y < grid[1]; blockIdx.y++) {
        for (blockIdx.x = 0; blockIdx.x < grid[0]; blockIdx.x++) run_block(found->second.threads);
      }
    }
  } catch (const std::exception& problem) {
    return (error = std::string(name) + ": " + problem.what()).c_str();
  }
  return nullptr;
}
