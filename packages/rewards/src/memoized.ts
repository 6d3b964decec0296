/** `f`, computed once for each argument and then remembered as long as the returned function lives. */
export function memoized(f: (text: string) => string): (text: string) => string {
  const results = new Map<string, string>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = f(text);
    results.set(text, result);
    return result;
  };
}
