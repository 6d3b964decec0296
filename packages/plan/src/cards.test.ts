import { expect, test } from "vitest";
import { cardNamed, cardOfLine, cardsNamed, UnknownCardError } from "./cards.ts";

test("by name, in any case, or by memory", () => {
  expect(cardNamed("H200")).toMatchObject({ name: "h200", kind: "gpu", memoryBytes: 143_771 * 2 ** 20 });
  expect(cardNamed("48GB")).toEqual({ name: "a card of 48 GB", kind: "gpu", memoryBytes: 48e9 });
  expect(() => cardNamed("h300")).toThrow(UnknownCardError);
});

test("a card for each rank, of one machine or several", () => {
  expect(cardsNamed("8xA100-80GB")).toEqual({ card: cardNamed("a100-80gb"), ranks: 8, machines: 1 });
  expect(cardsNamed("2x8xh200")).toEqual({ card: cardNamed("h200"), ranks: 16, machines: 2 });
  expect(cardsNamed("4x96GB")).toEqual({ card: cardNamed("96GB"), ranks: 4, machines: 1 });
  expect(cardsNamed("rtx-4090")).toEqual({ card: cardNamed("rtx-4090"), ranks: 1, machines: 1 });
  for (const name of ["0xh200", "8x", "x8", "8xh300"]) expect(() => cardsNamed(name), name).toThrow(UnknownCardError);
});

test("as nvidia-smi reports it: by its own memory, and its name of the table where it has one", () => {
  expect(cardOfLine("NVIDIA H200, 143771\n")).toMatchObject({ name: "h200", memoryBytes: 143_771 * 2 ** 20 });
  expect(cardOfLine("NVIDIA A100-SXM4-80GB, 81920")?.name).toBe("a100-80gb");
  expect(cardOfLine("NVIDIA A100-SXM4-40GB, 40960")?.name).toBe("a100-40gb");
  expect(cardOfLine("NVIDIA H20, 97871")?.name).toBe("h20");
  expect(cardOfLine("Tesla T4, 15360")).toEqual({ name: "Tesla T4", kind: "gpu", memoryBytes: 15_360 * 2 ** 20 });
  expect(cardOfLine("No devices were found")).toBeUndefined();
});
