import { matMul, ones, softmax, tidy } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { torch, whyNot } from "../test/torch.ts";

test.skipIf(!torch)(
  `torch's profiler names our kernels and ATen's ops, each without those inside it${whyNot}`,
  async () => {
    const work = () =>
      tidy(() => {
        const x = ones([256, 256]);
        for (let i = 0; i < 3; i++) softmax(matMul(x, x)).dataSync();
      });
    work();
    const times = await torch!.profileTorch(work);
    const of = (name: string) => times.find((row) => row.name === name);
    expect(of("BatchMatMul")?.count).toBe(3);
    expect(of("aten::mm")?.count).toBe(3);
    expect(times.every(({ milliseconds, onDevice }) => milliseconds >= 0 && !onDevice)).toBe(true);
  },
);
