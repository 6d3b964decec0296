/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Marks a string as markup. Only for texts that no model and no data set can have a hand in. */
export const raw = (markup: string): Markup => ({ markup });

/** Markup from a template; strings and numbers that are put in are escaped, so they can stand in text and in "…". */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return raw(parts.reduce((text, part, i) => text + render(values[i - 1]!) + part));
}

function render(value: Value): string {
  if (typeof value === "object") return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
  return String(value).replaceAll(/[&<>"']/g, (sign) => entities[sign]!);
}
