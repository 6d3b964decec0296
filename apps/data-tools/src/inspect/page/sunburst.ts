import { html, type Markup } from "./html.ts";

/** A part of the inner ring, and its parts in the outer one. */
export interface Slice {
  name: string;
  records: number;
  /** CSS colour. */
  color: string;
  parts: { name: string; records: number }[];
}

const size = 720;
const centre = size / 2;
const [hole, inner, outer] = [86, 186, 238];
/** Degrees from which a label has room. */
const [innerRoom, outerRoom] = [14, 3.2];
/** Width of a letter of the inner labels, generously. */
const letter = 8.5;

/** Two rings: slices, and around each its parts, all by their number of records. */
export function sunburst(slices: readonly Slice[], { total, label }: { total: number; label: string }): Markup {
  let at = 0;
  const rings = slices.map((slice) => {
    const from = at;
    const parts = slice.parts.map((part, i) => {
      const start = at;
      at += (360 * part.records) / total;
      return partMarkup(slice, part, { from: start, to: at, shade: i % 2 });
    });
    return html`${sliceMarkup(slice, total, from, at)}${parts}`;
  });
  return html`<svg class="sunburst" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}">
${rings}
<text class="total" x="${centre}" y="${centre - 4}">${total.toLocaleString("en")}</text><text class="unit" x="${centre}" y="${centre + 20}">records</text>
</svg>`;
}

function sliceMarkup({ name, records, color }: Slice, total: number, from: number, to: number): Markup {
  const share = `${((100 * records) / total).toFixed(records < total / 100 ? 1 : 0)}%`;
  const [x, y] = pointAt((from + to) / 2, (hole + inner) / 2);
  const lines = labelOf(name, share, lettersIn(from, to));
  const line = (text: string, i: number) => html`<tspan x="${x}" dy="${i === 0 ? 0 : 15}">${text}</tspan>`;
  const top = round(y + 4 - (15 * (lines.length - 1)) / 2);
  const words =
    to - from < innerRoom ? html`` : html`<text class="slice" x="${x}" y="${top}">${lines.map(line)}</text>`;
  return html`<path d="${ringPath(from, to, hole, inner)}" fill="${color}"><title>${name}: ${records.toLocaleString("en")} (${share})</title></path>${words}`;
}

/** Letters that have room in a slice of the inner ring: a line through its middle, between its sides and its arcs. */
function lettersIn(from: number, to: number): number {
  const middle = (((from + to) / 2) * Math.PI) / 180;
  const chord = (hole + inner) * Math.sin((Math.min(to - from, 180) * Math.PI) / 360);
  const wide = Math.min(chord / Math.abs(Math.cos(middle)), (inner - hole) / Math.abs(Math.sin(middle)));
  return Math.floor(wide / letter);
}

/** The lines of a label; a name that is too long without its folders, none if it still is. */
function labelOf(name: string, share: string, most: number): string[] {
  const lines = [name, name.split("/").at(-1)!].map((text) => text.split(/ (?=\()/));
  const fitting = lines.find((parts) => parts.every((part) => part.length <= most));
  return fitting ? [...fitting, share] : share.length <= most ? [share] : [];
}

function partMarkup(
  { name: slice, color }: Slice,
  { name, records }: { name: string; records: number },
  { from, to, shade }: { from: number; to: number; shade: number },
): Markup {
  const title = `${slice}, ${name || "no source"}: ${records.toLocaleString("en")}`;
  const path = html`<path d="${ringPath(from, to, inner + 3, outer)}" fill="${color}" opacity="${shade === 0 ? 0.72 : 0.5}"><title>${title}</title></path>`;
  return to - from < outerRoom
    ? path
    : html`${path}${outerLabel(shorten(name.split("/")[0] || "no source", 18), (from + to) / 2)}`;
}

/** Outside of the rings, along the radius, upright on both sides. */
function outerLabel(text: string, angle: number): Markup {
  const [x, y] = pointAt(angle, outer + 7);
  const isLeft = angle % 360 > 180;
  const turn = round(isLeft ? angle + 90 : angle - 90);
  return html`<text class="part" x="${x}" y="${y}" text-anchor="${isLeft ? "end" : "start"}" transform="rotate(${turn} ${x} ${y})" dy="4">${text}</text>`;
}

/** Degrees clockwise from the top. */
function pointAt(angle: number, radius: number): [x: number, y: number] {
  const radians = ((angle - 90) * Math.PI) / 180;
  return [round(centre + radius * Math.cos(radians)), round(centre + radius * Math.sin(radians))];
}

function ringPath(from: number, to: number, inside: number, outside: number): string {
  const end = Math.min(to, from + 359.99); // an arc that ends where it begins is none
  const wide = end - from > 180 ? 1 : 0;
  const arc = (radius: number, angle: number, sweep: number) =>
    `A${radius} ${radius} 0 ${wide} ${sweep} ${pointAt(angle, radius).join(" ")}`;
  return `M${pointAt(from, outside).join(" ")}${arc(outside, end, 1)}L${pointAt(end, inside).join(" ")}${arc(inside, from, 0)}Z`;
}

const round = (value: number): number => Number(value.toFixed(2));
const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
