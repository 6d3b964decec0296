/**
 * The circles of a directed graph: its strongly connected components of two nodes or more, and nodes with an arrow to
 * themselves (Tarjan, SIAM J. Comput. 1(2), 1972). Arrows to nodes that are not keys of the graph are left out.
 *
 * @returns Nodes of each circle, sorted.
 */
export function circlesOf(graph: Readonly<Record<string, readonly string[]>>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    stack.push(node);
    for (const next of graph[node]!) {
      if (!Object.hasOwn(graph, next)) continue;
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1 || graph[node]!.includes(node)) circles.push(component.sort());
  };
  for (const node of Object.keys(graph)) if (!order.has(node)) visit(node);
  return circles.sort();
}
