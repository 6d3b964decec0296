/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup from a template: strings and numbers that are put in are escaped, for text and for attributes in "…". */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const texts = values.map((value) => {
    if (typeof value === "object") return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
    return String(value).replaceAll(/[&<>"']/g, (sign) => entities[sign]!);
  });
  return { markup: parts.map((part, i) => part + (texts[i] ?? "")).join("") };
}
