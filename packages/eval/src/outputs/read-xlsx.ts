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
  return elements(sheet, "row").map(({ inner }) => rowOf(inner, shared));
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
  for (const { attributes, inner } of elements(cells, "c")) {
    const column = /\br="([A-Z]+)\d+"/.exec(attributes)?.[1];
    const index = column === undefined ? row.length : columnIndex(column);
    if (index >= mostColumns) throw new RangeError(`a cell is in column ${column?.slice(0, 20)}; a sheet ends at XFD`);
    while (row.length < index) row.push("");
    row[index] = cellText(/\bt="(\w+)"/.exec(attributes)?.[1], inner, shared);
  }
  return row;
}

function cellText(type: string | undefined, inner: string, shared: readonly string[]): string {
  if (type === "inlineStr") return texts(inner, "is")[0] ?? "";
  const value = plainText(elements(inner, "v")[0]?.inner ?? "");
  return type === "s" ? (shared[Number(value)] ?? "") : value;
}

/** The texts of elements, each the texts of its runs together, without phonetic ones. */
function texts(xml: string, element: "si" | "is"): string[] {
  return elements(xml, element).map(({ inner }) =>
    elements(withoutPhonetic(inner), "t")
      .map(({ inner: text }) => plainText(text))
      .join(""),
  );
}

const withoutPhonetic = (xml: string): string => {
  const [before = "", ...others] = xml.split(/<rPh\b/);
  return [before, ...others.map((part) => part.split("</rPh>").slice(1).join("</rPh>"))].join("");
};

/**
 * Elements of a name that do not hold each other, in order. Linear time.
 *
 * @throws {RangeError} If one is never closed.
 */
function elements(xml: string, name: string): { attributes: string; inner: string }[] {
  const found: { attributes: string; inner: string }[] = [];
  const open = new RegExp(`<${name}\\b([^<>]*)>`, "g");
  for (let tag = open.exec(xml); tag !== null; tag = open.exec(xml)) {
    const attributes = tag[1]!;
    if (attributes.endsWith("/")) found.push({ attributes, inner: "" });
    else {
      const end = xml.indexOf(`</${name}>`, open.lastIndex);
      if (end < 0) throw new RangeError(`a <${name}> in its sheet is never closed`);
      found.push({ attributes, inner: xml.slice(open.lastIndex, end) });
      open.lastIndex = end;
    }
  }
  return found;
}

const mostColumns = 16_384;
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
