import { dispose } from "@tensorflow/tfjs-core";
import { hasKernel } from "../fused.ts";
import { kernelOf, nextSession } from "./decode-gqa-kernels.ts";
import { promptInputs, weightInputs } from "./decode-gqa-tensors.ts";
import type { DecodeOptions, DecodeSession, EndedRow, GqaDecoder } from "./decode-session.ts";

/** Whether the backend has the kernels of `openDecodeGqa`; there is no form of them from tfjs ops. */
export const canDecodeGqa = (): boolean => hasKernel("DecodeOpen");

/** Opens a session over weights that neither move nor change before it is closed. */
export function openDecodeGqa(decoder: GqaDecoder, options: DecodeOptions): DecodeSession {
  const session = nextSession();
  const { slots, tokens } = options;
  const { inputs, attrs } = weightInputs(decoder);
  const { sampling, stopIds, ...room } = options;
  kernelOf("DecodeOpen")(inputs, { session, ...attrs, ...room, ...sampling, stopIds: [...stopIds] });
  const rowOf: (number | undefined)[] = new Array(slots).fill(undefined);
  const promptOf = new Map<number, number>();
  const prompts: boolean[] = new Array(options.prompts).fill(false);
  let rows = 0;
  const freeSlots = () => rowOf.flatMap((row, slot) => (row === undefined ? [slot] : []));
  const leave = (slot: number) => {
    promptOf.delete(rowOf[slot]!);
    rowOf[slot] = undefined;
  };

  return {
    get free() {
      return slots - promptOf.size;
    },
    get active() {
      return promptOf.size;
    },
    addPrompt(prompt) {
      const place = prompts.indexOf(false);
      if (place < 0) throw new RangeError(`addPrompt: the session has room for ${options.prompts} prompts`);
      const seen = options.sampling.repetitionPenalty === 1 ? [] : [...new Set(prompt.seen)];
      kernelOf("DecodeAddPrompt")(promptInputs(prompt), { session, prompt: place, seen });
      prompts[place] = true;
      return place;
    },
    addRows(added) {
      const places = freeSlots().slice(0, added.length);
      if (places.length < added.length)
        throw new RangeError(`addRows: ${added.length} rows for ${places.length} free slots`);
      const stray = added.find(({ prompt }) => !prompts[prompt]);
      if (stray) throw new RangeError(`addRows: the session has no prompt ${stray.prompt}`);
      if (added.length === 0) return [];
      kernelOf("DecodeAddRows")([], {
        session,
        slots: places,
        prompts: added.map(({ prompt }) => prompt),
        seeds: added.flatMap(({ seed }) => [...seed]),
      });
      return added.map(({ prompt }, i) => {
        rowOf[places[i]!] = rows;
        promptOf.set(rows, prompt);
        return rows++;
      });
    },
    async step(count) {
      const outputs = kernelOf("DecodeStep")([], { session, tokens: count });
      const [state, ids, logps] = outputs;
      try {
        const now = await state.data<"int32">();
        const ended = rowOf.flatMap((row, slot) => (row !== undefined && now[2 * slot] !== 0 ? [slot] : []));
        if (ended.length === 0) return [];
        const [allIds, allLogps] = [await ids.data<"int32">(), await logps.data<"float32">()];
        return ended.map((slot): EndedRow => {
          const [start, end] = [slot * tokens, slot * tokens + now[2 * slot + 1]!];
          const row = rowOf[slot]!;
          leave(slot);
          return {
            row,
            ids: allIds.slice(start, end),
            logps: allLogps.slice(start, end),
            finished: now[2 * slot] === 1,
          };
        });
      } finally {
        dispose(outputs);
      }
    },
    dropRows(dropped) {
      const places = rowOf.flatMap((row, slot) => (row !== undefined && dropped.includes(row) ? [slot] : []));
      if (places.length > 0) kernelOf("DecodeDropRows")([], { session, slots: places });
      for (const slot of places) leave(slot);
    },
    dropPrompt(prompt) {
      if ([...promptOf.values()].includes(prompt))
        throw new RangeError(`dropPrompt: a row still continues prompt ${prompt}`);
      if (!prompts[prompt]) throw new RangeError(`dropPrompt: the session has no prompt ${prompt}`);
      kernelOf("DecodeDropPrompt")([], { session, prompt });
      prompts[prompt] = false;
    },
    close: () => void kernelOf("DecodeClose")([], { session }),
  };
}
