import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Finding } from "../finding.ts";

interface Probe {
  device?: string;
  isRight?: boolean;
  error?: string;
}

/** Starts an engine in a process of its own, which a broken library may end. */
function probe(backend: string): Probe {
  const command = [...process.execArgv, fileURLToPath(import.meta.resolve("../probe-engine.ts")), backend];
  const { stdout, stderr, status, signal, error } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    timeout: 120_000,
  });
  const line = stdout?.trim().split("\n").at(-1) ?? "";
  if (line.startsWith("{")) return JSON.parse(line) as Probe;
  const why = error?.message ?? signal ?? `exit code ${status}`;
  return { error: `its process ends (${why}): ${stderr?.trim().split("\n").at(-1) ?? ""}` };
}

function describe(name: string, { device, isRight, error }: Probe, rest: { state: "missing" | "wrong"; hint: string }) {
  if (error !== undefined) {
    const [what, ...hints] = error.split("\n");
    return { name, state: rest.state, what: what!, hint: hints.join(" ").trim() || rest.hint } as Finding;
  }
  if (isRight) return { name, state: "ok", what: device! } as Finding;
  const hint = "Report it with this output; until then choose the other backend.";
  return { name, state: "wrong", what: `${device}: a product of two matrices is not right`, hint } as Finding;
}

export const checkWasm = (): Finding =>
  describe("engine wasm", probe("wasm"), { state: "wrong", hint: "Run npm ci again." });

export const checkTorch = (): Finding =>
  describe("engine torch", probe("torch"), {
    state: "missing",
    hint: "The apps run on wasm, which has no bfloat16 and no GPU. See packages/tfjs-backend-torch/README.md.",
  });

/** What the NVIDIA driver says, and whether the torch engine can use it. */
export function checkGpu(torch: Finding): Finding {
  const query = "--query-gpu=name,memory.total,memory.used,driver_version";
  const { stdout, error, status } = spawnSync("nvidia-smi", [query, "--format=csv,noheader"], { encoding: "utf8" });
  if (error || status !== 0)
    return {
      name: "GPU",
      state: "missing",
      what: error ? "no NVIDIA driver (no nvidia-smi)" : "nvidia-smi finds none",
      hint: "Small models train on the CPU; the 7B model wants a GPU.",
    };
  const what = stdout.trim().replaceAll("\n", "; ");
  if (torch.state === "ok" && torch.what.startsWith("cuda")) return { name: "GPU", state: "ok", what };
  const reason = torch.state === "ok" ? "its libtorch was built for the CPU" : "it does not start";
  const hint =
    "Install pip's torch for CUDA and build the addon for it: packages/tfjs-backend-torch/README.md says how.";
  return { name: "GPU", state: "wrong", what: `${what}; the torch engine cannot use it: ${reason}`, hint };
}
