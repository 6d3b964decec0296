import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

const names = ["default", "avx2", "avx512"] as const;
const folder = join(import.meta.dirname, "..");

/** Runs test/linear-products.ts with the variable set. */
function productsWith(name: string) {
  const flags = ["--conditions=@videor1/source", "--import", "tsx", join(folder, "test/linear-products.ts")];
  const env = { ...process.env, VIDEOR1_TORCH_CPU_CAPABILITY: name };
  return spawnSync(process.execPath, flags, { encoding: "utf8", env });
}

describe.skipIf(!torch)(`the loops' instruction sets${whyNot}`, () => {
  for (const name of names)
    test.skipIf(!torch?.torchInfo().cpuCapabilities.includes(name))(`${name}: right on odd shapes`, () => {
      const { stdout, stderr } = productsWith(name);
      expect(stderr).not.toContain("Error");
      const { used, worst, dependsOnOtherRows, attention } = JSON.parse(stdout.trim().split("\n").at(-1)!);
      expect(used).toBe(name);
      expect(worst).toBeGreaterThan(0); // float32 against float64
      expect(worst).toBeLessThan(1e-5);
      expect(attention).toBeLessThan(1e-5);
      expect(dependsOnOtherRows).toBe(0);
    });

  test("the best is in use unless another is asked for; the setter and the device's name follow", async () => {
    const { cpuCapability, cpuCapabilities } = torch!.torchInfo();
    if (!process.env.VIDEOR1_TORCH_CPU_CAPABILITY) expect(cpuCapability).toBe(cpuCapabilities.at(-1));
    torch!.setTorchCpuCapability("default");
    expect(torch!.torchInfo().cpuCapability).toBe("default");
    if (torch!.torchInfo().device === "cpu") expect((await import("./index.ts")).device).toMatch(/^cpu, .*, default$/);
    torch!.setTorchCpuCapability(cpuCapability);
    expect(torch!.torchInfo().cpuCapability).toBe(cpuCapability);
  });

  test("one that is not there is an error that names those that are", () => {
    const { status, stderr } = productsWith("avx1024");
    expect(status).toBe(1);
    expect(stderr).toContain(`cannot use "avx1024": this processor and this build have default`);
    expect(stderr).toContain("Set VIDEOR1_TORCH_CPU_CAPABILITY to one of these");
    expect(() => torch!.setTorchCpuCapability("" as "default")).toThrow(
      expect.objectContaining({ name: "TorchError", code: "BAD_CPU_CAPABILITY" }),
    );
  });
});

/** The addon's code of this build, or undefined where there is no objdump, no addon, or no clones in it. */
function disassembly(): string | undefined {
  if (!torch || process.env.VIDEOR1_TORCH_BUILD) return undefined;
  const { addon } = JSON.parse(readFileSync(join(folder, "build/current.json"), "utf8")) as { addon: string };
  const flags = ["--disassemble", "--demangle", "--no-show-raw-insn", join(folder, "build", addon)];
  const { status, stdout } = spawnSync("objdump", flags, { encoding: "utf8", maxBuffer: 2 ** 28 });
  return status === 0 && stdout.includes("with_avx2<") ? stdout : undefined;
}

const code = disassembly();

describe.skipIf(!code)(`the tiles lie in registers${code ? "" : " (skipped: no objdump, or no clones)"}`, () => {
  const tiles = ["columns_of<", "forward<", "backward<"];
  test.each(names.flatMap((name) => tiles.map((tile) => [name, tile])))("%s: %s", (name, tile) => {
    const own = code!.split(/\n(?=[0-9a-f]+ <.*>:\n)/).filter((text) => {
      const title = text.slice(0, text.indexOf("\n"));
      return title.includes(`with_${name}<`) && title.includes(tile);
    });
    const products = own.join("\n").match(/\t(vf[a-z0-9]+ps|v?mulps) .*/g) ?? [];
    const spilled = products.filter((line) => /-?0x[0-9a-f]+\(%rsp\)|-0x[0-9a-f]+\(%rbp\)/.test(line));
    expect(products.length).toBeGreaterThan(20);
    // Constants of the exponential lie in memory; of a tile too large for its registers nearly all operands do.
    expect(spilled.length / products.length).toBeLessThan(0.2);
  });
});
