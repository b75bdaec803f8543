import { applyBreak, type Canary, judge, type Verdict } from "./canary.ts";
import { compile, runTest } from "./try-out.ts";
import { openWorkshop } from "./workshop.ts";

/** Tries canaries one after the other in one copy of the checkout, and tells each verdict as it comes. */
export async function* tryCanaries(
  original: string,
  canaries: readonly Canary[],
): AsyncGenerator<{ readonly canary: Canary; readonly verdict: Verdict }> {
  using workshop = openWorkshop(original);
  for (const canary of canaries) {
    const unbroken = await runTest(workshop.root, canary);
    try {
      using _break = workshop.rewrite(canary.file, (text) => applyBreak(text, canary));
      // Side by side: neither writes what the other reads.
      const [compileErrors, broken] = await Promise.all([
        compile(workshop.root, canary.file),
        runTest(workshop.root, canary),
      ]);
      yield { canary, verdict: judge({ unbroken, compileErrors, broken }) };
    } catch (error) {
      yield { canary, verdict: { kind: "useless", problem: String(error) } };
    }
  }
}
