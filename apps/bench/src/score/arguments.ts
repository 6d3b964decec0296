/**
 * Arguments of `bench score` as those of an app: what is neither a setting, a flag nor a YAML file is a file of outputs, and
 * `--scorers=a,b` is `scorers=a,b`, so for every setting.
 */
export function scoreArguments(argv: readonly string[]): string[] {
  const given = argv.filter((argument) => argument !== "--");
  const settings = given.map((argument) => argument.replace(/^--(?=[\w.]+=)/, ""));
  const isFile = (argument: string) => !/^(-|[\w.]+=)/.test(argument) && !/\.ya?ml$/.test(argument);
  const files = settings.filter(isFile);
  const others = settings.filter((argument) => !isFile(argument));
  return files.length === 0 ? others : [...others, `outputs=${JSON.stringify(files)}`];
}
