import { html, type Markup } from "./html.ts";

/** One of several values of a filter, or all. */
export function choice(name: string, legend: string, options: readonly { value: string; label: string }[]): Markup {
  const radio = (value: string, label: string, checked: Markup) =>
    html`<label><input type="radio" name="${name}" value="${value}" ${checked}><span>${label}</span></label>`;
  return html`<fieldset><legend>${legend}</legend>${radio("", "all", html`checked`)}${options.map(({ value, label }) => radio(value, label, html``))}</fieldset>`;
}
