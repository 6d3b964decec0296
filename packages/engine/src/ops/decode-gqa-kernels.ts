// What a backend registers, by tfjs' names, to serve `openDecodeGqa`. Each kernel is told by number which session is meant.
// Shape letters: A slots, T tokens of a row at most.
import type { NamedAttrMap, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { runKernel } from "../fused.ts";
import type { DecodeRoom, Sampling } from "./decode-session.ts";

interface OfSession {
  session: number;
}

/** Attributes and outputs of each kernel. */
export interface DecodeKernels {
  /**
   * Opens the session. Inputs: embedding, norm, head, then of each layer `layerOrder`, then the adapters' A and B that are given.
   * `adapters` is empty, or has 14 flags a layer: whether A and B of q, k, v, o, gate, up and down are given.
   */
  DecodeOpen: {
    attrs: OfSession & DecodeRoom & Sampling & DecoderAttrs & { stopIds: number[] };
    outputs: [];
  };
  /** Puts a prompt at place `prompt`, which is empty. Inputs: logits, cos, sin, then k and v of each layer. */
  DecodeAddPrompt: { attrs: OfSession & { prompt: number; seen: number[] }; outputs: [] };
  /** Puts rows into `slots`, which are empty, and draws their first tokens; `seeds` has two words of each. No inputs. */
  DecodeAddRows: { attrs: OfSession & { slots: number[]; prompts: number[]; seeds: number[] }; outputs: [] };
  /**
   * Up to `tokens` steps of all rows that run. No inputs. A row that has ended keeps its state until its slot is taken.
   * Outputs: state int32 [A, 2]: 0 runs, 1 drew a stop id, 2 has T tokens, and tokens drawn; ids int32 [A, T]; logps [A, T].
   * They may be the session's own tensors: they are read before its next kernel runs.
   */
  DecodeStep: { attrs: OfSession & { tokens: number }; outputs: [state: Tensor2D, ids: Tensor2D, logps: Tensor2D] };
  DecodeDropRows: { attrs: OfSession & { slots: number[] }; outputs: [] };
  DecodeDropPrompt: { attrs: OfSession & { prompt: number }; outputs: [] };
  DecodeClose: { attrs: OfSession; outputs: [] };
}

export interface DecoderAttrs {
  layers: number;
  adapters: number[];
  adapterScale: number;
  queryHeads: number;
  kvHeads: number;
  eps: number;
}

export const kernelOf =
  <Name extends keyof DecodeKernels>(name: Name) =>
  (inputs: readonly Tensor[], attrs: DecodeKernels[Name]["attrs"]): DecodeKernels[Name]["outputs"] =>
    runKernel<Tensor[]>(name, inputs, attrs as unknown as NamedAttrMap) as DecodeKernels[Name]["outputs"];

let sessions = 0;

/** Sessions are numbered from 1 in each thread. */
export const nextSession = (): number => ++sessions;
