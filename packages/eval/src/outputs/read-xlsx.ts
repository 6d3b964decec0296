import { readZip } from "./read-zip.ts";

/**
 * The cells of a spreadsheet's first sheet, as texts; an empty cell is "".
 *
 * @throws {RangeError} If the bytes are no .xlsx file.
 */
export function readXlsx(bytes: Buffer): string[][] {
  const file = readZip(bytes);
  const sheet = file(firstSheet(file))?.toString("utf8");
  if (sheet === undefined) throw new RangeError("the archive holds no sheet");
  const shared = texts(file("xl/sharedStrings.xml")?.toString("utf8") ?? "", "si");
  return [...sheet.matchAll(/<row\b[^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, cells = ""]) => rowOf(cells, shared));
}

/** Path of the first sheet: the workbook names its relation, which names the file. */
function firstSheet(file: (name: string) => Buffer | undefined): string {
  const relation = /<sheet\b[^>]*\br:id="([^"]+)"/.exec(file("xl/workbook.xml")?.toString("utf8") ?? "")?.[1];
  const relations = file("xl/_rels/workbook.xml.rels")?.toString("utf8") ?? "";
  const found = [...relations.matchAll(/<Relationship\b[^>]*>/g)].find(([tag]) => tag.includes(`Id="${relation}"`));
  const target = found === undefined ? undefined : /Target="([^"]+)"/.exec(found[0])?.[1];
  return target === undefined ? "xl/worksheets/sheet1.xml" : target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

function rowOf(cells: string, shared: readonly string[]): string[] {
  const row: string[] = [];
  for (const [, attributes = "", inner = ""] of cells.matchAll(/<c\b([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
    const column = /\br="([A-Z]+)\d+"/.exec(attributes)?.[1];
    const index = column === undefined ? row.length : columnIndex(column);
    while (row.length < index) row.push("");
    row[index] = cellText(/\bt="(\w+)"/.exec(attributes)?.[1], inner, shared);
  }
  return row;
}

function cellText(type: string | undefined, inner: string, shared: readonly string[]): string {
  if (type === "inlineStr") return texts(inner, "is")[0] ?? "";
  const value = plainText(/<v\b[^>]*>(.*?)<\/v>/s.exec(inner)?.[1] ?? "");
  return type === "s" ? (shared[Number(value)] ?? "") : value;
}

/** The texts of elements, each the texts of its runs together, without phonetic ones. */
function texts(xml: string, element: "si" | "is"): string[] {
  return [...xml.matchAll(new RegExp(`<${element}\\b[^>]*?(?:/>|>(.*?)</${element}>)`, "gs"))].map(([, inner = ""]) =>
    [...inner.replace(/<rPh\b.*?<\/rPh>/gs, "").matchAll(/<t\b[^>]*?(?:\/>|>(.*?)<\/t>)/gs)]
      .map(([, text = ""]) => plainText(text))
      .join(""),
  );
}

const columnIndex = (letters: string): number =>
  [...letters].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** XML's entities, and the spreadsheet's own `_x000A_` for characters that XML lacks. */
function plainText(xml: string): string {
  return xml
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return decimal === undefined ? (entities[name] ?? all) : String.fromCodePoint(Number(decimal));
    })
    .replace(/_x([0-9a-f]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
