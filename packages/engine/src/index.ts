export { type BackendName, type EngineInfo, type EngineOptions, initEngine } from "./backend.ts";
export { checkpoint } from "./checkpoint.ts";
export { EngineError, type EngineErrorCode } from "./errors.ts";
export { valueAndGrads } from "./gradients.ts";
export { type AdamWStep, adamwUpdate } from "./ops/adamw-update.ts";
export { type AttentionOptions, attention } from "./ops/attention.ts";
export { cacheWrite } from "./ops/cache-write.ts";
export {
  canDecodeSteps,
  type DecodeInputs,
  type DecodeLayer,
  type DecodeOptions,
  type DecodeRow,
  decodeSteps,
} from "./ops/decode-steps.ts";
export { gelu } from "./ops/gelu.ts";
export { globalNorm } from "./ops/global-norm.ts";
export { linear } from "./ops/linear.ts";
export { rmsNorm } from "./ops/rms-norm.ts";
export { rotaryEmbedding } from "./ops/rotary-embedding.ts";
export { swiglu } from "./ops/swiglu.ts";
export { type TokenLogps, type TokenLogpsOptions, tokenLogps } from "./ops/token-logps.ts";
export { varlenAttention } from "./ops/varlen-attention.ts";
export { type FloatStorage, readTensor, tensorData, toBfloat16, toFloat32 } from "./stored-tensor.ts";
