/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Marks a string as markup. Never for a text from a model or a data set. */
export const raw = (markup: string): Markup => ({ markup });

/** Markup from a template; inserted strings and numbers are escaped, for text and for attributes in "…". */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return raw(parts.reduce((text, part, i) => text + render(values[i - 1]!) + part));
}

function render(value: Value): string {
  if (typeof value === "object") return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
  return String(value).replaceAll(/[&<>"']/g, (sign) => entities[sign]!);
}
