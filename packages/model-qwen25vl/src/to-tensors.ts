import { type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import type { ProcessedInputs, Rows } from "@videor1/processor-qwen25vl";
import type { ModelInputs } from "./inputs.ts";

/** The tensors of processed inputs, on the current backend; the caller disposes them. */
export function toTensors(processed: ProcessedInputs): ModelInputs {
  const { inputIds, attentionMask, pixelValues, imageGridThw, pixelValuesVideos, videoGridThw, secondPerGridTs } =
    processed;
  return {
    inputIds: integers(inputIds),
    attentionMask: integers(attentionMask),
    ...(pixelValues && { pixelValues: floats(pixelValues) }),
    ...(imageGridThw && { imageGridThw: integers(imageGridThw) }),
    ...(pixelValuesVideos && { pixelValuesVideos: floats(pixelValuesVideos) }),
    ...(videoGridThw && { videoGridThw: integers(videoGridThw) }),
    ...(secondPerGridTs && { secondPerGridTs: tensor1d(secondPerGridTs) }),
  };
}

const integers = ({ data, shape }: Rows<Int32Array>): Tensor2D => tensor2d(data, shape, "int32");
const floats = ({ data, shape }: Rows<Float32Array>): Tensor2D => tensor2d(data, shape, "float32");
