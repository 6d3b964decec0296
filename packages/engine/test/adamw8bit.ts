/** Tests of moments in codes against bitsandbytes' recorded values, for any backend; see golden/adamw8bit/README.md. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { dispose, memory, type Tensor, tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { openSafetensors, type SafetensorsFile } from "@videor1/safetensors";
import { afterAll, expect, test } from "vitest";
import { adamwUpdate } from "../src/ops/adamw-update.ts";
import { type CodedMoment, createCodedMoment } from "../src/ops/coded-moment.ts";
import { codeMaps, decode, encode } from "../src/ops/dynamic-codes.ts";
import { readTensor } from "../src/stored-tensor.ts";

const folder = join(import.meta.dirname, "golden/adamw8bit");
const settings = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 };
const make = (x: () => Tensor): Variable => tidy(() => variable(x(), false));
const floats = (x: Tensor) => x.dataSync<"float32">().slice();
const bytes = (x: Tensor) => Uint8Array.from(x.dataSync());

/** Opens a gzipped safetensors file of the folder; closed after all tests. */
export function openGolden(name: string): SafetensorsFile {
  const temporary = mkdtempSync(join(tmpdir(), "golden-"));
  const path = join(temporary, name);
  writeFileSync(path, gunzipSync(readFileSync(join(folder, `${name}.gz`))));
  const file = openSafetensors(path);
  afterAll(() => {
    file.close();
    rmSync(temporary, { recursive: true });
  });
  return file;
}

/** Places of codes that differ from the expected ones by more than the README allows. */
function wrongCodes(map: Float32Array, shares: Float32Array, found: Uint8Array, expected: Uint8Array): number[] {
  return [...found.keys()].filter((i) => {
    if (found[i] === expected[i]) return false;
    const middle = (map[found[i]!]! + map[expected[i]!]!) / 2;
    return Math.abs(found[i]! - expected[i]!) > 1 || Math.abs(shares[i]! - middle) > 1e-6 * Math.abs(middle);
  });
}

export function defineAdamw8bitTests({ storesBfloat16 }: { storesBfloat16: boolean }): void {
  const steps = openGolden("steps-nearest.safetensors");
  const blocks = openGolden("blocks.safetensors");

  test("the maps are bitsandbytes', to the bit", () => {
    const maps = JSON.parse(readFileSync(join(folder, "maps.json"), "utf8")) as Record<string, number[]>;
    expect(codeMaps.m).toEqual(Float32Array.from(maps.signed!));
    expect(codeMaps.v).toEqual(Float32Array.from(maps.unsigned!));
  });

  const samples = blocks.names.filter((name) => name.endsWith(".x")).map((name) => name.slice(0, -".x".length));
  test.each(samples)("codes of %s are the nearest ones", (sample) => {
    const read = (what: string) => blocks.read(`${sample}.${what}`) as Float32Array;
    const map = codeMaps[sample.endsWith(".signed") ? "m" : "v"];
    const x = read("x");
    const { codes, absmax } = encode(map, x);
    expect(absmax).toEqual(read("absmax"));
    const back = decode(map, codes, absmax);
    if (absmax.every((value) => value === 0)) return expect(back).toEqual(x); // bitsandbytes' code of 0 / 0 is arbitrary
    const nearest = blocks.read(`${sample}.nearest`) as Uint8Array;
    const blockMax = (i: number) => absmax[Math.floor(i / 256)]!;
    const shares = x.map((value, i) => value / blockMax(i));
    expect(wrongCodes(map, shares, codes, nearest)).toEqual([]);
    const expected = read("nearest_back");
    for (const [i, value] of back.entries()) if (codes[i] === nearest[i]) expect(value).toBe(expected[i]);
  });

  test.each(samples.filter((name) => name.endsWith(".signed")))("the backend's codes of %s are the same", (sample) => {
    const x = blocks.read(`${sample}.x`) as Float32Array;
    const [m, v] = [createCodedMoment("m", [x.length]), createCodedMoment("v", [x.length])];
    const [param, grad] = [make(() => zeros([x.length])), tensor(x)];
    adamwUpdate(param, grad, m, v, { ...settings, beta1: 0, beta2: 0, step: 1 }); // m = x, v = x^2
    const squares = x.map((value) => value ** 2);
    for (const [moment, values] of [
      [m, x],
      [v, squares],
    ] as const) {
      const expected = encode(codeMaps[moment.kind], values);
      expect(bytes(moment.codes)).toEqual(expected.codes);
      expect(floats(moment.absmax)).toEqual(expected.absmax);
    }
    dispose([param, grad, m.codes, m.absmax, v.codes, v.absmax]);
  });

  const readVariable = (name: string, storage?: "bfloat16") => make(() => readTensor(steps, name, storage));

  const names = ["square", "odd", "small", ...(storesBfloat16 ? ["bf16"] : [])];
  test.each(names)("five steps are bitsandbytes': %s", (name) => {
    const before = memory().numTensors;
    const storage = name === "bf16" ? "bfloat16" : undefined;
    const param = readVariable(`step0.${name}`, storage);
    const moments =
      name === "small"
        ? [make(() => zeros(param.shape)), make(() => zeros(param.shape))]
        : [createCodedMoment("m", param.shape), createCodedMoment("v", param.shape)];
    for (let step = 1; step <= 5; step++) {
      const grad = readTensor(steps, `grad${step}.${name}`, storage);
      adamwUpdate(param, grad, moments[0]!, moments[1]!, { ...settings, step });
      grad.dispose();
      if (step !== 1 && step !== 5) continue;
      const expected = steps.read(`step${step}.${name}`);
      const ulp = (value: number) => 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
      const tolerance = (value: number) => (storage ? ulp(value) : 1e-7 + 1e-6 * Math.abs(value));
      for (const [i, value] of floats(param).entries())
        expect(Math.abs(value - expected[i]!), `${i} of step ${step}`).toBeLessThanOrEqual(tolerance(expected[i]!));
      for (const [which, moment] of moments.entries()) {
        const recorded = `step${step}.${name}.state${which + 1}`;
        if ("codes" in moment) expectCodes(moment, recorded, `step${step}.${name}.absmax${which + 1}`);
        else
          for (const [i, value] of floats(moment).entries())
            expect(Math.abs(value - steps.read(recorded)[i]!)).toBeLessThan(1e-8);
      }
    }
    dispose([param, ...moments.flatMap((moment) => ("codes" in moment ? [moment.codes, moment.absmax] : [moment]))]);
    expect(memory().numTensors).toBe(before);
  });

  function expectCodes(moment: CodedMoment, codesName: string, absmaxName: string): void {
    const absmax = steps.read(absmaxName);
    for (const [i, value] of floats(moment.absmax).entries())
      expect(Math.abs(value / absmax[i]! - 1), absmaxName).toBeLessThan(1e-6);
    const expected = steps.read(codesName);
    const distances = [...bytes(moment.codes).entries()].map(([i, code]) => Math.abs(code - expected[i]!));
    expect(Math.max(...distances), codesName).toBeLessThanOrEqual(1);
    expect(distances.filter((distance) => distance > 0).length / distances.length, codesName).toBeLessThan(1e-3);
  }

  test("a second moment that was rounded to 0 still counts: no weight jumps where one of bitsandbytes' does", () => {
    const start = steps.read("step0.hazard") as Float32Array;
    const [param, exact] = [make(() => tensor(start)), make(() => tensor(start))];
    const [m, v] = [createCodedMoment("m", param.shape), createCodedMoment("v", param.shape)];
    const [exactM, exactV] = [make(() => zeros(param.shape)), make(() => zeros(param.shape))];
    let largest = 0;
    for (let step = 1; step <= 5; step++) {
      const grad = readTensor(steps, `grad${step}.hazard`);
      adamwUpdate(param, grad, m, v, { ...settings, step });
      adamwUpdate(exact, grad, exactM, exactV, { ...settings, step });
      grad.dispose();
      const [found, expected] = [floats(param), floats(exact)];
      for (const [i, value] of found.entries()) largest = Math.max(largest, Math.abs(value - expected[i]!));
    }
    const recorded = steps.read("step2.hazard");
    expect(Math.max(...start.map((value, i) => Math.abs(recorded[i]! - value)))).toBeGreaterThan(3);
    expect(largest).toBeLessThan(5e-3);
    dispose([param, exact, m.codes, m.absmax, v.codes, v.absmax, exactM, exactV]);
  });
}
