// TypeScript declares WebAssembly only in its "dom" library, which a Node package does not load.
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  function validate(binary: Uint8Array): boolean;
  function instantiate(
    binary: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
}
