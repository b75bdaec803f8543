import { expect, test } from "vitest";
import { Page } from "./page.ts";

const put = (page: Page, text: string): void => {
  const at = page.reserve(text.length);
  page.buffer.write(text, at);
};
const textOf = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString();

test("frames of one tick are one piece, and a large payload is a piece of its own between them", () => {
  const page = new Page();
  const large = Buffer.from("LARGE");
  put(page, "one");
  put(page, "two");
  const small = page.take();
  put(page, "head");
  page.append(large);
  put(page, "behind");
  const mixed = page.take();

  expect([small.length, textOf(small)]).toEqual([1, "onetwo"]);
  expect([mixed.length, mixed[1] === large, textOf(mixed)]).toEqual([3, true, "headLARGEbehind"]);
  expect(page.take()).toEqual([]);
});

test("it says how much waits", () => {
  const page = new Page();
  put(page, "abc");
  page.append(Buffer.alloc(10));

  const before = page.bytes;
  page.take();

  expect([before, page.bytes]).toEqual([13, 0]);
});

test("what was handed out is never written again, however much follows", () => {
  const page = new Page();
  const taken: { readonly pieces: readonly Uint8Array[]; readonly text: string }[] = [];
  for (let round = 0; round < 400; round += 1) {
    const text = String.fromCharCode(97 + (round % 26)).repeat(700);
    put(page, text);
    taken.push({ pieces: page.take(), text });
  }

  expect(taken.filter(({ pieces, text }) => textOf(pieces) !== text)).toEqual([]);
});

test("a frame larger than a buffer gets one of its own, behind what was there", () => {
  const page = new Page();
  put(page, "before");
  put(page, "x".repeat(100_000));
  put(page, "after");

  expect(textOf(page.take())).toBe(`before${"x".repeat(100_000)}after`);
});
