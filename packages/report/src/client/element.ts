/// <reference lib="dom" />

interface Options {
  className?: string;
  text?: string;
  attributes?: Record<string, string>;
}

/** A new element. Text goes in as text, so that nothing a model wrote can become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { className, text, attributes = {} }: Options = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
