import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { readXlsx } from "./read-xlsx.ts";

/** A ZIP archive of one file that is not packed. */
function zipOf(name: string, content: string): Buffer {
  const [path, data] = [Buffer.from(name), Buffer.from(content)];
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(path.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(crc32(data), 16);
  entry.writeUInt32LE(data.length, 20);
  entry.writeUInt16LE(path.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(local.length + path.length + data.length, 16);
  return Buffer.concat([local, path, data, entry, path, end]);
}
const sheet = (xml: string) => readXlsx(zipOf("xl/worksheets/sheet1.xml", xml));

test("rows and cells, also empty ones; phonetic texts are left out", () => {
  const runs = "<is><r><t>a &lt; </t></r><rPh><t>no</t></rPh><r><t>b</t></r></is>";
  const xml = `<row r="1"><c r="B1" t="inlineStr">${runs}</c><c r="D1"><v>2</v></c></row><row r="2"/><row><c/><c><v>3</v></c></row>`;
  expect(sheet(xml)).toEqual([["", "a < b", "", "2"], [], ["", "3"]]);
});

test("a damaged sheet", () => {
  const bytes = zipOf("xl/worksheets/sheet1.xml", "<row/>");
  bytes[bytes.indexOf("<row/>") + 1] = 0x73;
  expect(() => readXlsx(bytes)).toThrow("a file in it is damaged");
});

test("a column that no sheet has, and elements without an end", () => {
  expect(() => sheet('<row><c r="ZZZZZZZ1"><v>1</v></c></row>')).toThrow("column ZZZZZZZ; a sheet ends at XFD");
  expect(() => sheet("<row>".repeat(200_000))).toThrow("a <row> in its sheet is never closed");
  expect(sheet("<row ".repeat(200_000))).toEqual([]);
});
