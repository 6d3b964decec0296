/** The package ships no types; this is the one of its two functions that is used. */
declare module "fast-levenshtein" {
  const levenshtein: {
    /** Levenshtein distance over UTF-16 units. */
    get(a: string, b: string): number;
  };
  export default levenshtein;
}
