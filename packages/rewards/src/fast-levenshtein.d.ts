/** The package ships no types; of its two functions this is the one in use. */
declare module "fast-levenshtein" {
  const levenshtein: {
    /** Levenshtein distance over UTF-16 units. */
    get(a: string, b: string): number;
  };
  export default levenshtein;
}
