import fc from "fast-check";
import { expect, test } from "vitest";
import { Intake } from "./intake.ts";

/** Lets the system write bytes, in reads as large as the space is. */
function read(intake: Intake, bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.copy(intake.space(), 0, at);
    chunks.push(intake.take(count));
    at += count;
  }
  return chunks;
}

test("what comes is taken out as it came, and no later read changes it", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 20_000 }), { maxLength: 20 }), (pieces) => {
      const intake = new Intake();

      const chunks = pieces.flatMap((piece) => read(intake, Buffer.from(piece)));

      expect(Buffer.concat(chunks).equals(Buffer.concat(pieces))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("small reads share a page, and an idle connection holds a small one", () => {
  const intake = new Intake();

  const chunks = Array.from({ length: 10 }, () => read(intake, Buffer.alloc(300))).flat();

  expect(chunks).toHaveLength(10);
  expect(new Set(chunks.map(({ buffer }) => buffer)).size).toBe(1);
  expect(chunks[0]?.buffer.byteLength).toBe(4_096);
});

test("reads that fill a page get larger ones, up to a bound", () => {
  const intake = new Intake();

  read(intake, Buffer.alloc(1_000_000));

  expect(intake.space().buffer.byteLength).toBe(65_536);
});

test("no read gets a scrap of a page", () => {
  const intake = new Intake();
  read(intake, Buffer.alloc(4_000));

  expect(intake.space().length).toBe(4_096);
});
