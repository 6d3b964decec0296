// The kernels of a decode session (ops/decode-gqa-kernels.ts) on the wasm heap. Shape letters: A slots, T tokens of a row.
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { DecodeKernels } from "../../ops/decode-gqa-kernels.ts";
import { heapFloats, heapInts, makeOutput } from "../module.ts";
import type { KernelCall } from "../override.ts";
import { type DecodeRows, decodeRows } from "./decode-rows.ts";

const sessions = new Map<number, DecodeRows>();

type Attrs<Name extends keyof DecodeKernels> = DecodeKernels[Name]["attrs"];

function sessionOf(attrs: KernelCall["attrs"]): DecodeRows {
  const rows = sessions.get(attrs.session as number);
  if (!rows) throw new RangeError(`decode session ${attrs.session} is closed`);
  return rows;
}

/** A kernel without outputs that is given its session. */
const of =
  <Name extends keyof DecodeKernels>(run: (rows: DecodeRows, attrs: Attrs<Name>, inputs: TensorInfo[]) => void) =>
  ({ inputs, attrs }: KernelCall): TensorInfo[] => {
    run(sessionOf(attrs), attrs as unknown as Attrs<Name>, Object.values(inputs) as TensorInfo[]);
    return [];
  };

export const decodeKernels: Record<keyof DecodeKernels, (call: KernelCall) => TensorInfo[]> = {
  DecodeOpen({ inputs, attrs }) {
    const given = attrs as unknown as Attrs<"DecodeOpen">;
    sessions.set(given.session, decodeRows(Object.values(inputs) as TensorInfo[], given));
    return [];
  },
  DecodeAddPrompt: of<"DecodeAddPrompt">((rows, { prompt, seen }, inputs) => rows.addPrompt(inputs, prompt, seen)),
  DecodeAddRows: of<"DecodeAddRows">((rows, { slots, prompts, seeds }) => rows.addRows(slots, prompts, seeds)),
  DecodeStep({ attrs }) {
    const rows = sessionOf(attrs);
    for (let token = 0; token < (attrs.tokens as number) && rows.step(); token++);
    return stateOf(rows);
  },
  DecodeDropRows: of<"DecodeDropRows">((rows, { slots }) => rows.dropRows(slots)),
  DecodeDropPrompt: of<"DecodeDropPrompt">((rows, { prompt }) => rows.dropPrompt(prompt)),
  DecodeClose: of<"DecodeClose">((rows, { session }) => {
    sessions.delete(session);
    rows.close();
  }),
};

/** [state [A, 2], ids [A, T], logps [A, T]]; 0 where nothing is drawn. */
function stateOf({ slots, tokens, rows }: DecodeRows): TensorInfo[] {
  const outputs = [
    makeOutput([slots, 2], "int32"),
    makeOutput([slots, tokens], "int32"),
    makeOutput([slots, tokens], "float32"),
  ];
  const [state, ids] = outputs.map(heapInts) as [Int32Array, Int32Array];
  const logps = heapFloats(outputs[2]!);
  for (const values of [state, ids, logps]) values.fill(0);
  rows.forEach((row, slot) => {
    if (!row) return;
    state.set([row.state, row.ids.length], 2 * slot);
    ids.set(row.ids, slot * tokens);
    logps.set(row.logps, slot * tokens);
  });
  return outputs;
}
