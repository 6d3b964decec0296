/** One mistake in a configuration. */
export interface ConfigIssue {
  /** `file:line:column`, or the override as typed. */
  where: string;
  /** The dotted key, "" for the document itself. */
  key: string;
  message: string;
}

/** A configuration that cannot be used; it holds every mistake found, in the order of the file. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: "CONFIG_UNREADABLE" | "CONFIG_INVALID";
  readonly file: string;
  readonly issues: readonly ConfigIssue[];
  readonly hint: string;

  constructor(
    code: ConfigError["code"],
    file: string,
    issues: readonly ConfigIssue[],
    hint: string,
    options?: ErrorOptions,
  ) {
    const lines = issues.map(({ where, key, message }) => `  ✖ ${where}${key && ` ${key}`}: ${message}`);
    super([`${file}: ${issues.length} ${issues.length === 1 ? "mistake" : "mistakes"}`, ...lines].join("\n"), options);
    this.code = code;
    this.file = file;
    this.issues = issues;
    this.hint = hint;
  }
}
