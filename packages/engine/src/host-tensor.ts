import { clone, type Tensor } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel } from "./fused.ts";

/**
 * x in the host's memory, pinned, so that it takes none of the device's until `fromHost` brings it back. Nothing else may
 * read it. Where the device is the CPU it shares the data of x. No gradient.
 */
export const toHost = (x: Tensor): Tensor => (hasKernel("ToHost") ? runKernel<Tensor>("ToHost", [x]) : clone(x));

/** A copy on the device of what `toHost` made; where the device is the CPU it shares the data. No gradient. */
export const fromHost = (x: Tensor): Tensor => (hasKernel("FromHost") ? runKernel<Tensor>("FromHost", [x]) : clone(x));
