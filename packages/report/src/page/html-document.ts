import { createHash } from "node:crypto";
import type { ClientBundle } from "../bundle-client.ts";
import { html, type Markup, raw } from "./html.ts";

export interface DocumentParts extends ClientBundle {
  /** What stands in `<main>`. */
  body: Markup;
  /** Embedded as JSON in `<script id="data">`. */
  data: { title: string };
  /** The first link: to the id of the part that most readers come for. */
  skip: { to: string; text: string };
}

/** One self-contained HTML file. Its content security policy forbids it to load anything, and allows its one script by hash. */
export function htmlDocument({ body, data, skip, script, style }: DocumentParts): string {
  const scriptHash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${data.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#${skip.to}">${skip.text}</a>
<main>
${body}
</main>
<script type="application/json" id="data">${raw(embeddedJson(data))}</script>
<script>${raw(script)}</script>
</body>
</html>
`.markup;
}

/** JSON for a script element: without "<", so that nothing ends the element or opens a comment. */
export const embeddedJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");
