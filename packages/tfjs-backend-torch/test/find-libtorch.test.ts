import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findLibtorch, howToGetLibtorch } from "../scripts/find-libtorch.mjs";
import { loadAddon } from "../src/addon.ts";

const work = mkdtempSync(join(tmpdir(), "videor1-torch-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A folder that looks like libtorch: `files` by their paths. */
function folderOf(name: string, files: Record<string, string>): string {
  const folder = join(work, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const versionHeader = (major: number, minor: number, patch: number) =>
  `#pragma once\n#define TORCH_VERSION_MAJOR ${major}\n#define TORCH_VERSION_MINOR ${minor}\n#define TORCH_VERSION_PATCH ${patch}\n`;
const common = { "include/ATen/ATen.h": "", "lib/libtorch_cpu.so": "", "lib/libc10.so": "std::__cxx11::string" };

describe("findLibtorch", () => {
  test("LIBTORCH: the version of torch/version.h", () => {
    const folder = folderOf("old", {
      ...common,
      "include/torch/csrc/api/include/torch/version.h": versionHeader(1, 13, 1),
      "lib/libc10.so": "std::string",
    });
    expect(findLibtorch({ LIBTORCH: folder })).toMatchObject({ version: "1.13.1", cxx11Abi: 0, cuda: false });
  });

  test("LIBTORCH: newer ones keep the version in torch/headeronly/version.h, and may have CUDA", () => {
    const folder = folderOf("new", {
      ...common,
      "include/torch/version.h": "#include <torch/headeronly/version.h>",
      "include/torch/headeronly/version.h": versionHeader(2, 14, 0),
      "lib/libtorch_cuda.so": "",
    });
    expect(findLibtorch({ LIBTORCH: folder })).toMatchObject({ version: "2.14.0", cxx11Abi: 1, cuda: true });
  });

  test("CUDA's headers are used where they are whole", () => {
    const headers = "nvidia/cu13/include";
    const files = Object.fromEntries(Object.entries(common).map(([path, text]) => [`torch/${path}`, text]));
    const site = folderOf("site-packages", {
      ...files,
      "torch/include/torch/version.h": versionHeader(2, 15, 0),
      "torch/lib/libtorch_cuda.so": "",
      [`${headers}/cuda_runtime_api.h`]: "",
    });
    const find = () => findLibtorch({ LIBTORCH: join(site, "torch") });
    expect(find()).toMatchObject({ cuda: true });
    expect(find()).not.toHaveProperty("cudaInclude");
    folderOf("site-packages", { [`${headers}/crt/host_defines.h`]: "" });
    expect(find()).toMatchObject({ cudaInclude: join(site, headers) });
  });

  test("process groups: where c10d's header and its symbols are there; NCCL with the headers that it takes", () => {
    const [includes, headers] = ["torch/include/torch/csrc/distributed/c10d", "nvidia/cu13/include"];
    const files = Object.fromEntries(Object.entries(common).map(([path, text]) => [`torch/${path}`, text]));
    const site = folderOf("with-c10d", {
      ...files,
      "torch/include/torch/version.h": versionHeader(2, 15, 0),
      "torch/lib/libtorch_cuda.so": "",
      [`${includes}/ProcessGroupGloo.hpp`]: "",
      ...Object.fromEntries(
        ["cuda_runtime_api.h", "crt/host_defines.h", "cublas_v2.h", "cusparse.h"].map((name) => [
          `${headers}/${name}`,
          "",
        ]),
      ),
      "nvidia/nccl/include/nccl.h": "",
    });
    const find = () => findLibtorch({ LIBTORCH: join(site, "torch") });
    expect(find()).toMatchObject({ c10d: false });
    const symbol = "_ZN4c10d16ProcessGroupGlooC1E";
    folderOf("with-c10d", { "torch/lib/libtorch_cpu.so": `${"x".repeat((16 << 20) - 10)}${symbol}` });
    expect(find()).toMatchObject({ c10d: true });
    expect(find()).not.toHaveProperty("ncclIncludes");
    folderOf("with-c10d", { [`${headers}/cusolverDn.h`]: "" });
    expect(find()).toMatchObject({ ncclIncludes: [join(site, headers), join(site, "nvidia/nccl/include")] });
  });

  test("LIBTORCH_USE_PYTORCH: what python3 says of its torch", () => {
    const folder = folderOf("wheel/torch", { ...common, "include/torch/version.h": versionHeader(2, 6, 0) });
    const python = join(work, "python");
    writeFileSync(python, `#!/bin/sh\necho '["${folder}", 0]'\n`, { mode: 0o755 });
    expect(findLibtorch({ LIBTORCH_USE_PYTORCH: "1", PYTHON: python })).toMatchObject({
      version: "2.6.0",
      cxx11Abi: 0,
      libs: [join(folder, "lib")],
    });
  });

  test("a variable that names nothing is an error", () => {
    expect(() => findLibtorch({ LIBTORCH: join(work, "nowhere") })).toThrow(/LIBTORCH=.*no include\/ATen\/ATen\.h/);
    expect(() => findLibtorch({ LIBTORCH_USE_PYTORCH: "1", PYTHON: join(work, "no-python") })).toThrow(
      /cannot import torch/,
    );
  });
});

describe("the install script", () => {
  const build = (...flags: string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, "../scripts/build.mjs"), ...flags], {
      encoding: "utf8",
      env: { ...process.env, LIBTORCH: join(work, "nowhere"), VIDEOR1_TORCH_BUILD: join(work, "build") },
    });

  test("does not fail an install, and says what to do", () => {
    const { status, stderr } = build("--optional");
    expect(status).toBe(0);
    expect(stderr).toContain(howToGetLibtorch);
  });

  test("fails where the addon is asked for", () => {
    expect(build().status).toBe(1);
  });
});

describe("loadAddon", () => {
  const load = (name: string) => {
    const before = process.env.VIDEOR1_TORCH_BUILD;
    process.env.VIDEOR1_TORCH_BUILD = join(work, name);
    try {
      return loadAddon();
    } finally {
      if (before === undefined) delete process.env.VIDEOR1_TORCH_BUILD;
      else process.env.VIDEOR1_TORCH_BUILD = before;
    }
  };

  test("says what to do where none is built", () => {
    expect(() => load("nothing")).toThrow(expect.objectContaining({ code: "ADDON_MISSING" }));
  });

  test("says that one which does not load must be built again", () => {
    folderOf("stale", {
      "current.json": JSON.stringify({ addon: "torch.node", torch: "2.1.0", from: "LIBTORCH" }),
      "torch.node": "not a library",
    });
    expect(() => load("stale")).toThrow(
      expect.objectContaining({ code: "ADDON_MISMATCH", hint: expect.stringContaining("npm rebuild") }),
    );
  });
});
