// A function that does what the completion says.
const behaviours = {
  length: ({ completionIds }) => completionIds.length,
  later: async ({ completionIds }) => completionIds.length / 2,
  skip: () => null,
  skipLater: async () => null,
  throw: () => undefined.length,
  reject: async () => {
    throw "no judge";
  },
  notANumber: () => Number.NaN,
  text: () => "x",
  nothing: () => {},
  endless: () => {
    for (;;);
  },
  never: () => new Promise(() => {}),
  endlessLater: async () => {
    await null;
    for (;;);
  },
  exit: () => process.exit(3),
  exitLater: async () => {
    await null;
    process.exit(3);
  },
  stray: () => new Promise(() => setTimeout(() => undefined.length)),
  changed: (answer) => {
    answer.completionIds.push(1);
    return answer.completionIds.length;
  },
};

export default (answer) => behaviours[answer.completion](answer);
