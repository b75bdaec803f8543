/** One thing that a check refuses: where, which rule, and what to do about it. */
export interface Finding {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly line: number;
  /** The rule's name, the same as the file of the check. */
  readonly rule: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** One line per finding, in the form editors turn into a link. */
export function formatFinding({ path, line, rule, message }: Finding): string {
  return `${path}:${line}  ${rule}: ${message}`;
}
