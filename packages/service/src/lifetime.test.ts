import { expect, test } from "vitest";
import { aborted, whenAborted } from "./lifetime.ts";

test("whenAborted reacts once, when the signal aborts", () => {
  const stop = new AbortController();
  let count = 0;
  whenAborted(stop.signal, () => {
    count += 1;
  });

  expect(count).toBe(0);
  stop.abort();
  stop.abort();
  expect(count).toBe(1);
});

test("whenAborted reacts at once when the signal has aborted before", () => {
  let count = 0;

  whenAborted(AbortSignal.abort(), () => {
    count += 1;
  });

  expect(count).toBe(1);
});

test("a disposed reaction is forgotten", () => {
  const stop = new AbortController();
  let count = 0;
  {
    using _reaction = whenAborted(stop.signal, () => {
      count += 1;
    });
  }

  stop.abort();

  expect(count).toBe(0);
});

test("aborted resolves when the signal aborts", async () => {
  const stop = new AbortController();
  const ended = aborted(stop.signal).then(() => "ended");

  stop.abort();

  expect(await ended).toBe("ended");
});
