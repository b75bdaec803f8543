import { expect, test } from "vitest";
import { checkLedger } from "./self-check.ts";

test("the ledger finds exactly the planted loss, duplicate, swap, repeat and PUBACKs, wherever they are", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    for (const { planted, found } of checkLedger(seed)) expect(found, `seed ${seed}`).toEqual(planted);
  }
});
