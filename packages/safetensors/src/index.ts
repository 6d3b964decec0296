export {
  openSafetensors,
  type SafetensorsData,
  type SafetensorsDtype,
  SafetensorsError,
  type SafetensorsErrorCode,
  type SafetensorsFile,
  type SafetensorsTensor,
  type UndecodedDtype,
  type WritableDtype,
  writeSafetensors,
} from "./safetensors.ts";
