/**
 * A canary is a one-line break of the product that a named test must notice. Pure: how to apply one, and how to judge what
 * the test said.
 */

/** One break and the test that must turn red by it. */
export interface Canary {
  /** Kebab-case, unique: `ack-before-handler`. */
  readonly name: string;
  /** The file to break, from the root. */
  readonly file: string;
  /** The text to replace; stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test file that notices, from the root, and the title of the test in it as it is printed, groups before it or not. */
  readonly test: string;
  readonly title: string;
}

/** How the named test ended. */
export type TestOutcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly messages: readonly string[] }
  /** The run did not get as far as the test: broken import, no such title, crash. */
  | { readonly kind: "not_run"; readonly why: string };

/** Whether the canary does its work; when not, `problem` says why. */
export type Verdict = { readonly kind: "noticed" } | { readonly kind: "useless"; readonly problem: string };

/** The broken text. @throws {Error} when `find` does not stand exactly once, or the break changes nothing. */
export function applyBreak(text: string, { find, replace, file }: Canary): string {
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`${JSON.stringify(find)} stands ${count} times in ${file}, and must exactly once.`);
  if (find === replace) throw new Error(`The break of ${file} changes nothing.`);
  return text.replace(find, () => replace);
}

/** Judges one canary from the unbroken run, the compiler's complaints about the broken one, and the broken run. */
export function judge({
  unbroken,
  compileErrors,
  broken,
}: {
  readonly unbroken: TestOutcome;
  readonly compileErrors: string;
  readonly broken: TestOutcome;
}): Verdict {
  if (unbroken.kind === "not_run") return useless(`the test cannot be run: ${unbroken.why}`);
  if (unbroken.kind === "failed") return useless(`the test is red without the break: ${unbroken.messages[0] ?? ""}`);
  if (compileErrors !== "") return useless(`the break does not compile: ${compileErrors}`);
  if (broken.kind === "not_run") return useless(`the broken product cannot be run: ${broken.why}`);
  if (broken.kind === "passed") return useless("the test stays green.");
  const byAccident = broken.messages.find((message) => !isAssertion(message));
  return byAccident === undefined ? { kind: "noticed" } : useless(`red, but not by assertion: ${byAccident}`);
}

/**
 * An expectation that was not met, or an observation that did not come before the test's own deadline. The runner's timeout
 * and any other error are accidents: they do not say that the test looked at what was broken.
 */
function isAssertion(message: string): boolean {
  return /^(AssertionError|DeadlineError|DeadlineExceededError)\b/.test(message);
}

function useless(problem: string): Verdict {
  return { kind: "useless", problem: problem.split("\n").slice(0, 4).join("\n    ") };
}
