import type { Direction } from "@videor1/statistics";
import { armColor } from "../shared/arm-color.ts";
import { html, type Markup } from "./html.ts";

export const armStyle = (arm: number): string => `--color:var(${armColor(arm)})`;

/** A name behind a dash in the arm's colour; -1 is the model after SFT. */
export const armKey = (arm: number, name: string): Markup =>
  html`<span class="key" style="${armStyle(arm)}">${name}</span>`;

/** The class of a cell with a difference, by its direction. */
export const directionClass: Record<Direction, string> = {
  higher: "difference up",
  lower: "difference down",
  none: "difference open",
};
