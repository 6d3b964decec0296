// node --conditions=@videor1/source --import tsx scripts/interop/compare-adapters.ts FOLDER...
// Loads the PEFT adapters that adapters.py made and compares logits; saves an adapter of our own, and the model with it
// merged, with our logits, for `adapters.py check`. The exit code is 1 if a logit is off.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { randomNormal, tidy } from "@tensorflow/tfjs-core";
import { initEngine } from "@videor1/engine";
import {
  createAdapter,
  LoraOptions,
  loadAdapter,
  loadModel,
  mergeAdapter,
  saveAdapter,
  saveModel,
  withAdapter,
} from "@videor1/model-qwen25vl";
import { openSafetensors, writeSafetensors } from "@videor1/safetensors";
import { readBatch } from "./batch.ts";

const tolerance = 1e-4;
await initEngine({ backend: "wasm" });
let failed = 0;
for (const [n, folder] of process.argv.slice(2).entries()) {
  const [name] = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as [string];
  const batch = readBatch(folder, name);
  const base = await loadModel(folder);
  const logitsOf = (model: typeof base) => {
    const logits = model.forward(batch.sequences).logits;
    const values = { shape: logits.shape, data: logits.dataSync<"float32">().slice() };
    logits.dispose();
    return values;
  };

  const file = openSafetensors(join(folder, "peft", "logits.safetensors"));
  const theirs = file.read("logits");
  file.close();
  const ours = logitsOf(withAdapter(base, await loadAdapter(join(folder, "peft"), base.config))).data;
  const vocabulary = base.config.text.vocabSize;
  const differences = Array.from(ours, (x, i) =>
    batch.mask[Math.floor(i / vocabulary)] === 1 ? Math.abs(x - Number(theirs[i])) : 0,
  );
  const largest = differences.reduce((most, difference) => (difference <= most ? most : difference), 0);
  const holds = largest <= tolerance;
  if (!holds) failed++;
  console.log(`${folder}: PEFT's adapter, logits ${largest.toExponential(1)}${holds ? "" : " OFF"}`);

  const options = LoraOptions.parse({ rank: 2 + n, alpha: 3, rsLora: n % 2 === 0 });
  const own = createAdapter(base.config, options, n);
  for (const [key, x] of Object.entries(own.parameters))
    if (key.includes("lora_B")) tidy(() => x.assign(randomNormal(x.shape, 0, 0.1, "float32", n)));
  const { shape, data } = logitsOf(withAdapter(base, own));
  for (const made of ["ours", "merged"]) rmSync(join(folder, made), { recursive: true, force: true });
  await saveAdapter(own, join(folder, "ours"), folder);
  writeSafetensors(join(folder, "ours", "logits.safetensors"), [
    { name: "logits", dtype: "F32", shape, data: () => data },
  ]);
  mergeAdapter(base, own);
  await saveModel(base, join(folder, "merged"), { dtype: "F32" });
  base.dispose();
}
console.log(failed ? `${failed} are off` : "all within tolerance");
process.exitCode = failed ? 1 : 0;
