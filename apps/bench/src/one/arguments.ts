/**
 * Arguments of `ask` as those of an app: what is neither a setting, a flag nor a YAML file is the question, and `--show` is
 * `show=frames.png`.
 */
export function askArguments(argv: readonly string[]): string[] {
  const isQuestion = (argument: string) => !/^(-|\w[\w.]*=)/.test(argument) && !/\.ya?ml$/.test(argument);
  const question = argv.filter(isQuestion).join(" ");
  const settings = argv
    .filter((argument) => !isQuestion(argument))
    .map((argument) => argument.replace(/^--show(?==|$)/, "show").replace(/^show$/, "show=frames.png"));
  return question === "" ? settings : [...settings, `question=${JSON.stringify(question)}`];
}
