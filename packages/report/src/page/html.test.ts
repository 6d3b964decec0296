import { expect, test } from "vitest";
import { html, raw } from "./html.ts";
import { embeddedJson } from "./html-document.ts";

test("what is put into a template is escaped, markup is not", () => {
  const hostile = `<img src=x onerror="alert('1')"> & more`;
  expect(html`<p title="${hostile}">${hostile}${raw("<b>1</b>")}${[html`<i>${2}</i>`]}</p>`.markup).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more">' +
      "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more<b>1</b><i>2</i></p>",
  );
});

test("embedded JSON holds no sign that HTML could take for markup, and reads back as it was", () => {
  const value = { text: "</script><!-- <script>", "<key>": "\u2028" };
  expect(embeddedJson(value)).not.toContain("<");
  expect(JSON.parse(embeddedJson(value))).toEqual(value);
});
