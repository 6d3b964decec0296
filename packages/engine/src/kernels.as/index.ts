export { segmentSum } from "./segment-sum";
export { gemm, gemmScratch } from "./gemm";
