import type { OnSamples, SampleRequest, Sampler, Samples } from "@videor1/tgrpo";

interface Call<Input> {
  requests: readonly SampleRequest<Input>[];
  onSamples: OnSamples | undefined;
  resolve(samples: readonly Samples[]): void;
  reject(error: unknown): void;
}

/**
 * A sampler whose first `callers` calls become one of `sampler`, in their order: so much is drawn together, whatever is made of it
 * apart.
 */
export function joinedSampler<Input>(sampler: Sampler<Input>, callers: number): Sampler<Input> {
  const calls: Call<Input>[] = [];

  async function drawAll(): Promise<void> {
    const ends: number[] = [];
    for (const { requests } of calls) ends.push((ends.at(-1) ?? 0) + requests.length);
    const startOf = (call: number) => ends[call]! - calls[call]!.requests.length;
    try {
      const samples = await sampler.generate(
        calls.flatMap(({ requests }) => requests),
        (request, samples) => {
          const call = ends.findIndex((end) => request < end);
          calls[call]!.onSamples?.(request - startOf(call), samples);
        },
      );
      for (const [i, { resolve }] of calls.entries()) resolve(samples.slice(startOf(i), ends[i]));
    } catch (error) {
      for (const { reject } of calls) reject(error);
    }
  }

  return {
    generate: (requests, onSamples) =>
      new Promise((resolve, reject) => {
        calls.push({ requests, onSamples, resolve, reject });
        if (calls.length === callers) void drawAll();
      }),
  };
}
