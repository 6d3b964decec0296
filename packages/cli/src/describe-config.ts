import { Document, isMap, isScalar, type YAMLMap } from "yaml";
import type { z } from "zod";
import { type Path, schemasAt } from "./config-schema.ts";

/** A configuration as YAML, where each key stands under the description that its schema gives it. */
export function describeConfig(schema: z.ZodType, config: unknown): string {
  const document = new Document(config);
  const aboutKey = (path: Path) =>
    schemasAt(schema, path, config).find(({ description }) => description !== undefined)?.description;
  if (isMap(document.contents)) comment(document.contents, aboutKey, []);
  return document.toString({ lineWidth: 0 }).trimEnd();
}

function comment(map: YAMLMap, aboutKey: (path: Path) => string | undefined, path: Path): void {
  for (const { key, value } of map.items) {
    const at = [...path, String(isScalar(key) ? key.value : key)];
    const about = aboutKey(at);
    if (about !== undefined && isScalar(key)) key.commentBefore = about.replace(/^/gm, " ");
    if (isMap(value)) comment(value, aboutKey, at);
  }
}
