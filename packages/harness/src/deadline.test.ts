import { expect, test } from "vitest";
import { DeadlineError, until, within } from "./deadline.ts";

test("Within gives the promise's own outcome when it comes in time", async () => {
  expect(await within(1_000, Promise.resolve(7))).toBe(7);
  await expect(within(1_000, Promise.reject(new Error("own")))).rejects.toThrow("own");
});

test("Within fails with the description when the promise is late", async () => {
  const never = new Promise(() => undefined);

  await expect(within(1, never, () => "saw two of three")).rejects.toThrow("Not within 1 ms: saw two of three");
});

test("Until gives what the look found, and looks at least once", async () => {
  let looks = 0;
  const third = await until(() => (++looks === 3 ? "found" : undefined));

  expect(third).toBe("found");
  expect(await until(() => 0, { deadlineMs: 0 })).toBe(0);
});

test("Until fails with the description when nothing comes true", async () => {
  const missed = until(() => false, { deadlineMs: 1, describe: () => "state is down" });

  await expect(missed).rejects.toThrow(DeadlineError);
  await expect(missed).rejects.toThrow("state is down");
});
