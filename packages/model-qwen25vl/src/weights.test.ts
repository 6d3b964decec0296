import { cpSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memory } from "@tensorflow/tfjs-core";
import { openSafetensors, type SafetensorsTensor, writeSafetensors } from "@videor1/safetensors";
import { describe, expect, test } from "vitest";
import { golden } from "../test/golden-case.ts";
import { useModelFolders } from "../test/model-folders.ts";
import { WeightsError } from "./errors.ts";
import { loadModel } from "./model.ts";

const newFolder = useModelFolders();

/** A copy of tiny_a whose tensors are changed by `change`. */
function tampered(change: (tensors: SafetensorsTensor[]) => SafetensorsTensor[]): string {
  const folder = newFolder();
  cpSync(join(golden, "tiny_a"), folder, { recursive: true });
  const file = openSafetensors(join(folder, "model.safetensors"));
  const tensors = file.names.map((name) => ({
    name,
    dtype: "F32" as const,
    shape: file.info(name).shape,
    data: file.read(name),
  }));
  file.close();
  writeSafetensors(join(folder, "model.safetensors"), change(tensors));
  return folder;
}

describe("a checkpoint that is not whole is an error, and leaves no tensor behind", () => {
  const rename = (from: string, to: string) => (tensors: SafetensorsTensor[]) =>
    tensors.map((tensor) => (tensor.name === from ? { ...tensor, name: to } : tensor));
  const norm = "model.language_model.norm.weight";

  test.each<[string, () => string, string[]]>([
    [
      "a missing and an unexpected tensor",
      () => tampered(rename(norm, "model.extra.weight")),
      [`missing: ${norm}`, "unexpected: model.extra.weight"],
    ],
    [
      "a wrong shape",
      () => tampered((tensors) => tensors.map((t) => (t.name === norm ? { ...t, shape: [8, 8] } : t))),
      [`wrong shape: ${norm}: file [8,8], config [64]`],
    ],
    [
      "the same tensor under both names",
      () =>
        tampered((tensors) => [
          ...tensors,
          { ...tensors.find(({ name }) => name === norm)!, name: "model.norm.weight" },
        ]),
      ["unexpected: model.norm.weight"],
    ],
    [
      "integers",
      () =>
        tampered((tensors) =>
          tensors.map((t) => (t.name === norm ? { ...t, dtype: "I32", data: new Int32Array(64) } : t)),
        ),
      [`${norm}: file has dtype I32`],
    ],
    [
      "a file cut short",
      () => {
        const folder = tampered((tensors) => tensors);
        truncateSync(join(folder, "model.safetensors"), 500_000);
        return folder;
      },
      ["model.safetensors", "holds only"],
    ],
    [
      "no weights",
      () => {
        const folder = tampered((tensors) => tensors);
        rmSync(join(folder, "model.safetensors"));
        return folder;
      },
      ["there is no model.safetensors"],
    ],
    [
      "an index that points outside",
      () => {
        const folder = tampered((tensors) => tensors);
        writeFileSync(
          join(folder, "model.safetensors.index.json"),
          JSON.stringify({ weight_map: { [norm]: "../model.safetensors" } }),
        );
        return folder;
      },
      ['names "../model.safetensors", not a file of the folder'],
    ],
    [
      "an index that is not JSON",
      () => {
        const folder = tampered((tensors) => tensors);
        writeFileSync(join(folder, "model.safetensors.index.json"), "{");
        return folder;
      },
      ["is not JSON with a weight_map"],
    ],
    [
      "a missing shard",
      () => {
        const folder = newFolder();
        cpSync(join(golden, "tiny_b"), folder, { recursive: true });
        rmSync(join(folder, "model-00002-of-00002.safetensors"));
        return folder;
      },
      ["model-00002-of-00002.safetensors", "ENOENT"],
    ],
  ])("%s", async (_, folder, messages) => {
    const before = memory().numTensors;
    const error: Error = await loadModel(folder()).then(
      () => expect.unreachable(),
      (error) => error,
    );
    for (const message of messages) expect(error.message).toContain(message);
    expect(memory().numTensors).toBe(before);
  });

  test("WeightsError carries the names as fields", async () => {
    const error = await loadModel(tampered(rename(norm, "x"))).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(WeightsError);
    expect(error).toMatchObject({ code: "WEIGHTS_MISMATCH", missing: [norm], unexpected: ["x"], misshaped: [] });
  });

  test("no config.json", async () => {
    await expect(loadModel(newFolder())).rejects.toThrow("config.json: there is no such file");
  });
});

describe("beside the parameters of a tied model", () => {
  /** A copy of tiny_b with further tensors, made from its own. */
  function withExtra(extra: (tensors: SafetensorsTensor[]) => SafetensorsTensor[]): string {
    const folder = newFolder();
    cpSync(join(golden, "tiny_b"), folder, { recursive: true });
    const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"].map((name) => {
      const file = openSafetensors(join(folder, name));
      const tensors: SafetensorsTensor[] = file.names.map((name) => ({
        name,
        dtype: "BF16",
        shape: file.info(name).shape,
        data: file.read(name),
      }));
      file.close();
      return { path: join(folder, name), tensors };
    });
    const all = shards.flatMap(({ tensors }) => tensors);
    writeSafetensors(shards[1]!.path, [...shards[1]!.tensors, ...extra(all)]);
    return folder;
  }
  const headOf = (tensors: SafetensorsTensor[], change: Partial<SafetensorsTensor> = {}): SafetensorsTensor => {
    const found = tensors.find(({ name }) => name.endsWith("embed_tokens.weight"))!;
    return { ...found, name: "lm_head.weight", ...change };
  };

  test("a copy of the embedding, in either number format, rotary buffers and empty markers are passed over", async () => {
    const marker = (name: string, size: number): SafetensorsTensor => {
      return { name, dtype: "BF16", shape: [size], data: new Float32Array(size) };
    };
    const markers = [marker("model.layers.0.self_attn.rotary_emb.inv_freq", 2), marker("scaled_fp8", 0)];
    (await loadModel(withExtra((tensors) => [headOf(tensors), ...markers]))).dispose();
    (await loadModel(withExtra((tensors) => [headOf(tensors, { dtype: "F32" })]))).dispose();
  });

  test.each<[string, (head: SafetensorsTensor) => SafetensorsTensor]>([
    ["other values", (head) => ({ ...head, data: (head.data as Float32Array).map((x) => 0.5 * x) })],
    [
      "other values in float32",
      (head) => ({ ...head, dtype: "F32", data: (head.data as Float32Array).map((x) => x + 1e-3) }),
    ],
    ["another shape", (head) => ({ ...head, shape: [2], data: new Float32Array(2) })],
  ])("a head of %s is refused: it would be lost", async (_, change) => {
    const before = memory().numTensors;
    await expect(loadModel(withExtra((tensors) => [change(headOf(tensors))]))).rejects.toThrow(
      /lm_head.weight is not the embedding, though config.json has tie_word_embeddings: true; set it to false/,
    );
    expect(memory().numTensors).toBe(before);
  });
});
