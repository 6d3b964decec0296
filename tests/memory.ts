import { join } from "node:path";
import { createModel, parseConfig, saveModel } from "@videor1/model-qwen25vl";
import { sizes } from "../apps/gpu-check/src/sizes.ts";
import { torch } from "../packages/tfjs-backend-torch/test/torch.ts";

/** Bytes of the tensors that the torch backend holds. */
export const heldBytes = (): number => torch!.backend.memory().numBytes;

/** The most bytes that any call of a kernel left behind while `run` was at work. */
export async function peakOf(run: () => Promise<unknown>): Promise<number> {
  const { backend } = torch!;
  const { call } = backend;
  let peak = heldBytes();
  backend.call = (...args) => {
    const outputs = call.apply(backend, args);
    peak = Math.max(peak, heldBytes());
    return outputs;
  };
  try {
    await run();
  } finally {
    backend.call = call;
  }
  return peak;
}

/** A model of eight layers that is `width` wide, in a folder below `folder`. @returns Its path. */
export async function makeModel(width: number, folder: string): Promise<string> {
  const { text_config, vision_config, ...config } = sizes.tiny!.config as unknown as Record<string, object>;
  const [heads, head_dim] = [4, width / 4];
  const raw = {
    ...config,
    text_config: {
      ...text_config,
      hidden_size: width,
      intermediate_size: 4 * width,
      num_hidden_layers: 8,
      head_dim,
      num_attention_heads: heads,
      num_key_value_heads: heads,
      rope_parameters: { rope_type: "default", rope_theta: 1e6, mrope_section: sections(head_dim) },
    },
    vision_config: {
      ...vision_config,
      depth: 4,
      hidden_size: width,
      intermediate_size: 2 * width,
      num_heads: heads,
      out_hidden_size: width,
    },
  };
  const path = join(folder, String(width));
  const model = createModel(parseConfig(raw), { seed: 1 });
  await saveModel(model, path);
  model.dispose();
  return path;
}

/** Pairs of a head for time, height and width. */
const sections = (headDim: number) => [headDim / 8, (3 * headDim) / 16, (3 * headDim) / 16];
