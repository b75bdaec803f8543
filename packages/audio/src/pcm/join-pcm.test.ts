import fc from "fast-check";
import { expect, test } from "vitest";
import { joinPcm } from "./join-pcm.ts";

test("pieces of sound joined are the same samples in the same order, however they were cut", () => {
  fc.assert(
    fc.property(fc.array(fc.int16Array()), (pieces) => {
      expect([...joinPcm(pieces)]).toEqual(pieces.flatMap((piece) => [...piece]));
    }),
  );
});
