/** The model of the recorded requests in packages/served-model/test/golden: made here byte for byte. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ModelSize, makeModel } from "@videor1/miniature";
import { createModel, readConfig, saveModel } from "@videor1/model-qwen25vl";

/** Words of the miniature's tasks. */
const words = `0 1 2 3 4 14 28 42 . ? A B C D E H L Please T a answer are assistant at blink blue border bottom cells circle
  circles color comes cross crosss describe does down ends far first frames green hmm how i is it last left let look many me
  move moves off on question read red right see shows so square squares starts system text that the then there times top
  triangle triangles up user video watch way what which yellow`;

/** Writes a Qwen2.5-VL of 0.57 M parameters, head dim 32, whose random weights are large, so that every token matters. */
export async function makeVllmModel(folder: string): Promise<void> {
  await makeModel(folder, ModelSize.parse({ intermediateSize: 256, layers: 2 }), [words], 0);
  writeFileSync(join(folder, "generation_config.json"), '{ "eos_token_id": [2, 0], "bos_token_id": 0 }\n');
  const model = createModel(readConfig(folder), { seed: 0, scheme: { kind: "fanIn", gain: 2, embeddingStd: 0.18 } });
  await saveModel(model, folder);
  model.dispose();
}
