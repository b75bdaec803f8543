/** What a file is for, told from its path alone; most rules ask. */
export type Role = "product" | "test" | "harness" | "e2e" | "bench" | "tool" | "example" | "config";

/** Shared parts of tests carry a suffix too, so that a test's rules hold in them and a service cannot import them unseen. */
const TEST_SUFFIX = /\.(test|test-d|conformance|fixture)\.tsx?$/;

/** The role of a file given by its path from the root. */
export function roleOf(path: string): Role {
  if (TEST_SUFFIX.test(path)) return "test";
  if (/(^|\/)[\w-]+\.config\.ts$/.test(path)) return "config";
  if (path.startsWith("packages/harness/") || path.startsWith("packages/testing/")) return "harness";
  if (/^packages\/[^/]+\/examples\//.test(path)) return "example";
  if (path.startsWith("e2e/")) return "e2e";
  if (path.startsWith("bench/")) return "bench";
  if (path.startsWith("tools/")) return "tool";
  return "product";
}

/** The folder of the package or service a file belongs to, such as `packages/mqtt`; undefined at the root. */
export function packageFolderOf(path: string): string | undefined {
  return /^(packages|services)\/[^/]+/.exec(path)?.[0];
}
