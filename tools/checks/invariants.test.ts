import { expect, test } from "vitest";
import { checkInvariants } from "./invariants.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

const TEST_FILE = { "packages/mqtt/src/ack.broker.test.ts": 'it("acknowledges late", async () => {});' };

test("an invariant without a test and one whose test is not there are refused", () => {
  const world = worldOf({
    ...TEST_FILE,
    "ARCHITECTURE.md": [
      "1. Not one of them.",
      "## Invariants",
      "1. A message is acknowledged late.",
      "   - fails: `packages/mqtt/src/ack.broker.test.ts` › acknowledges late",
      "2. Every queue has a bound.",
      "3. Every promise settles.",
      "   - fails: `packages/mqtt/src/ack.broker.test.ts` › settles",
      "   - fails: `packages/mqtt/src/none.test.ts` › settles",
      "## Next",
      "4. Not one either.",
    ].join("\n"),
  });

  expect(placesOf(checkInvariants(world)).toSorted()).toEqual([
    "ARCHITECTURE.md:5",
    "ARCHITECTURE.md:7",
    "ARCHITECTURE.md:8",
  ]);
});

test("an architecture without its invariants is refused", () => {
  expect(checkInvariants(worldOf({ "ARCHITECTURE.md": "# Architecture" }))).toHaveLength(1);
});
