import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { KernelCall, TorchKernel } from "../register.ts";
import { activated } from "./activation.ts";

type Info = backend_util.Conv2DInfo | backend_util.Conv3DInfo;

/** One spatial axis of a window that slides. */
interface Axis {
  size: number;
  stride: number;
  dilation: number;
  before: number;
  after: number;
}

const list = (values: readonly number[]): number[] => [values.length, ...values];

function axesOf(info: Info): Axis[] {
  const { padInfo } = info;
  const axis = (name: "Depth" | "Height" | "Width", before: number): Axis => {
    const of = (field: string) => (info as unknown as Record<string, number>)[`${field}${name}`]!;
    const window = (of("filter") - 1) * of("dilation") + 1;
    // Whatever the rounding mode, the last window ends where the padding does.
    const after = Math.max(0, (of("out") - 1) * of("stride") + window - of("in") - before);
    return { size: of("filter"), stride: of("stride"), dilation: of("dilation"), before, after };
  };
  const plane = [axis("Height", padInfo.top), axis("Width", padInfo.left)];
  return "front" in padInfo ? [axis("Depth", padInfo.front), ...plane] : plane;
}

/** The integers with which every kernel of native/convolutions.cc begins. */
function geometry(info: Info, depthwise = false): number[] {
  const axes = axesOf(info);
  return [
    Number(info.dataFormat === "channelsLast"),
    Number(depthwise),
    ...list(axes.map(({ stride }) => stride)),
    ...list(axes.map(({ dilation }) => dilation)),
    ...list(axes.flatMap(({ before, after }) => [before, after])),
  ];
}

const windowOf = (info: Info): number[] => list(axesOf(info).map(({ size }) => size));

type InfoOf = (attrs: KernelCall<never>["attrs"], xShape: number[], filterShape: number[]) => Info;

interface Attrs {
  strides: number;
  dilations?: number;
  pad: "valid" | "same";
  dataFormat?: "NHWC" | "NCHW";
  dimRoundingMode?: "floor";
  filterSize: number;
}

/** Geometry of a convolution, its strides and paddings in any form that tfjs accepts. */
const conv2d = (attrs: Attrs, x: number[], filter: number[], depthwise = false): Info =>
  backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    backend_util.convertConv2DDataFormat(attrs.dataFormat ?? "NHWC"),
  );

const conv3d = (attrs: Attrs, x: number[], filter: number[]): Info =>
  backend_util.computeConv3DInfo(
    x as [number, number, number, number, number],
    filter as [number, number, number, number, number],
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
  );

const pool2d = (attrs: Attrs, x: number[]): Info =>
  backend_util.computePool2DInfo(
    x as [number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );

const pool3d = (attrs: Attrs, x: number[]): Info =>
  backend_util.computePool3DInfo(
    x as [number, number, number, number, number],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );

const convolution =
  (infoOf: InfoOf, depthwise = false): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const [x, filter] = [inputs.x!, inputs.filter!];
    const info = infoOf(attrs as never, x.shape, filter.shape);
    return backend.callOne("Convolution", [x, filter], geometry(info, depthwise));
  };

const inputGrad =
  (infoOf: InfoOf, depthwise = false): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const [dy, filter] = [inputs.dy!, inputs.filter!];
    const info = infoOf(attrs as never, attrs.inputShape, filter.shape);
    const ints = [...geometry(info, depthwise), ...list(attrs.inputShape)];
    return backend.callOne("ConvolutionInputGrad", [dy, filter], ints);
  };

const filterGrad =
  (infoOf: InfoOf, depthwise = false): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const [x, dy] = [inputs.x!, inputs.dy!];
    const info = infoOf(attrs as never, x.shape, attrs.filterShape);
    const ints = [...geometry(info, depthwise), ...list(attrs.filterShape)];
    return backend.callOne("ConvolutionFilterGrad", [x, dy], ints);
  };

const fused =
  (kernel: TorchKernel): TorchKernel =>
  (call) =>
    activated(call, kernel(call) as TensorInfo);

const pooling =
  (name: string, infoOf: (attrs: Attrs, x: number[]) => Info): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const info = infoOf(attrs, inputs.x!.shape);
    return backend.callOne(name, [inputs.x], [...geometry(info), ...windowOf(info)]);
  };

const maxGrad =
  (infoOf: (attrs: Attrs, x: number[]) => Info): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const info = infoOf(attrs, inputs.input!.shape);
    return backend.callOne("MaxPoolingGrad", [inputs.dy, inputs.input], [...geometry(info), ...windowOf(info)]);
  };

const avgGrad =
  (infoOf: (attrs: Attrs, x: number[]) => Info): TorchKernel =>
  ({ inputs, attrs, backend }) => {
    const { shape } = inputs.input!;
    const info = infoOf(attrs, shape);
    return backend.callOne("AvgPoolingGrad", [inputs.dy], [...geometry(info), ...windowOf(info), ...list(shape)]);
  };

const depthwise2d: InfoOf = (attrs, x, filter) => conv2d(attrs, x, filter, true);

export const convolutionKernels: Record<string, TorchKernel> = {
  AvgPool: pooling("AvgPooling", pool2d),
  AvgPool3D: pooling("AvgPooling", pool3d),
  AvgPool3DGrad: avgGrad(pool3d),
  AvgPoolGrad: avgGrad(pool2d),
  Conv2D: convolution(conv2d),
  Conv2DBackpropFilter: filterGrad(conv2d),
  Conv2DBackpropInput: inputGrad(conv2d),
  Conv3D: convolution(conv3d),
  Conv3DBackpropFilterV2: filterGrad(conv3d),
  Conv3DBackpropInputV2: inputGrad(conv3d),
  DepthwiseConv2dNative: convolution(depthwise2d, true),
  DepthwiseConv2dNativeBackpropFilter: filterGrad(depthwise2d, true),
  DepthwiseConv2dNativeBackpropInput: inputGrad(depthwise2d, true),
  FusedConv2D: fused(convolution(conv2d)),
  FusedDepthwiseConv2D: fused(convolution(depthwise2d, true)),
  MaxPool: pooling("MaxPooling", pool2d),
  MaxPool3D: pooling("MaxPooling", pool3d),
  MaxPool3DGrad: maxGrad(pool3d),
  MaxPoolGrad: maxGrad(pool2d),
};
