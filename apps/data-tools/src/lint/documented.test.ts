import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checks, mediaCodes } from "@videor1/curation";
import { expect, test } from "vitest";

const codes = [...checks, ...Object.values(mediaCodes)];

test("docs/lint.md has the codes in their order, with level, meaning and fix", () => {
  const text = readFileSync(fileURLToPath(new URL("../../../../docs/lint.md", import.meta.url)), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows).toEqual(
    codes.map(
      (code) => `| \`${code.code}\` | ${code.level} | ${code.about} | ${"fixes" in code ? (code.fixes ?? "") : ""} |`,
    ),
  );
});

test("codes are different, and sentences end as the text needs them", () => {
  expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
  for (const { about, remedy } of codes) {
    expect(about).toMatch(/^[^.].*[^.]$/);
    expect(remedy).toMatch(/[.…"]$/);
  }
});
