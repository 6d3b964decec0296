/** Number of arm colours in the style sheet; further arms begin again. */
const armColors = 8;

/** The CSS variable of an arm's colour; -1 is the model after SFT. */
export const armColor = (arm: number): string => (arm < 0 ? "--muted" : `--arm-${arm % armColors}`);
