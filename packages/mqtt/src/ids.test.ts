import { expect, test } from "vitest";
import { createIdSource, createSessionId } from "./ids.ts";

test("message ids are 32 hex characters, unique, and another process life has others", () => {
  const [first, second] = [createIdSource(), createIdSource()];

  const ids = Array.from({ length: 10_000 }, (_, n) => (n % 2 === 0 ? first() : second()));

  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a session is 64 random bits as text", () => {
  const sessions = Array.from({ length: 1_000 }, createSessionId);

  expect(sessions.every((session) => /^[0-9a-f]{16}$/.test(session))).toBe(true);
  expect(new Set(sessions).size).toBe(sessions.length);
});
