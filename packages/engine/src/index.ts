export { type BackendName, type EngineInfo, type EngineOptions, initEngine, initOwnBackend } from "./backend.ts";
export { checkpoint } from "./checkpoint.ts";
export { deferWrites } from "./deferred-writes.ts";
export { EngineError } from "./errors.ts";
export { isFrozen } from "./frozen.ts";
export { valueAndGrads } from "./gradients.ts";
export { fromHost, toHost } from "./host-tensor.ts";
export { type AdamWStep, adamwUpdate, type Moment } from "./ops/adamw-update.ts";
export { addInPlace } from "./ops/add-in-place.ts";
export { type AttentionOptions, attention } from "./ops/attention.ts";
export { cacheWrite } from "./ops/cache-write.ts";
export {
  type CodedMoment,
  codedMoment,
  codedMomentBytes,
  codedMomentTensors,
  createCodedMoment,
} from "./ops/coded-moment.ts";
export { canDecodeGqa, openDecodeGqa } from "./ops/decode-gqa.ts";
export type {
  DecodeOptions,
  DecodePrompt,
  DecodeRow,
  DecodeSession,
  EndedRow,
  GqaBlock,
  GqaDecoder,
} from "./ops/decode-session.ts";
export {
  addRow,
  copyRange,
  elementBytes,
  emptyBytes,
  type FlatRanges,
  hasFlatSlices,
  headOfRows,
  packRanges,
  type RowPlace,
  unpackRanges,
} from "./ops/flat-slices.ts";
export { gelu } from "./ops/gelu.ts";
export { globalNorm } from "./ops/global-norm.ts";
export { copyFloats, sumOfFloats } from "./ops/host-floats.ts";
export { linear } from "./ops/linear.ts";
export { rmsNorm } from "./ops/rms-norm.ts";
export { rotaryEmbedding } from "./ops/rotary-embedding.ts";
export { addSquareSums, hasSquareSums, rootOfSquares, type SquareSum, sumOfSquares } from "./ops/sum-of-squares.ts";
export { swiglu } from "./ops/swiglu.ts";
export { tokenLogps } from "./ops/token-logps.ts";
export { type VarlenAttentionOptions, varlenAttention } from "./ops/varlen-attention.ts";
export { type GroupStore, openProcessGroup, type ProcessGroup, type ProcessGroupOptions } from "./process-group.ts";
export { joinFloat32, type SplitTensor, type SplitVariable, splitFloat32 } from "./split-float32.ts";
export {
  type FloatStorage,
  readTensor,
  remainderData,
  type TensorRange,
  tensorData,
  toBfloat16,
  toFloat32,
} from "./stored-tensor.ts";
export { withoutTape } from "./tape.ts";
export { type DrawnToken, tokenDraw } from "./token-draw.ts";
