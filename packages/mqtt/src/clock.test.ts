import { expect, test } from "vitest";
import { SYSTEM_CLOCK } from "./clock.ts";

test.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, 2 ** 31])(
  "a timer of %s ms, more than the system counts, does not fire at once",
  async (delayMs) => {
    const fired: string[] = [];
    const cancel = SYSTEM_CLOCK.setTimer(delayMs, () => fired.push("long"));

    await new Promise<void>((resolve) => SYSTEM_CLOCK.setTimer(5, resolve));

    cancel();
    expect(fired).toEqual([]);
  },
);
