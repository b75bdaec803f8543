import { until } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { Inlet } from "./inlet.ts";

async function* pieces(...lengths: readonly number[]): AsyncGenerator<Int16Array, void, undefined> {
  let value = 0;
  for (const length of lengths) yield new Int16Array(length).map(() => (value += 1));
}

test("samples come out as they came in, whatever the pieces are", async () => {
  const inlet = new Inlet(pieces(3, 0, 4, 1), () => undefined);
  await until(() => inlet.isComplete);

  expect([...inlet.take(2)]).toEqual([1, 2]);
  expect([...inlet.take(5)]).toEqual([3, 4, 5, 6, 7]);
  expect(inlet.end).toBeUndefined();
  expect([...inlet.take(99)]).toEqual([8]);
  expect(inlet.end).toEqual({ error: undefined });
});

test("an engine is read half a second ahead, and not further", async () => {
  let takenCount = 0;
  async function* endless(): AsyncGenerator<Int16Array, void, undefined> {
    for (;;) {
      takenCount += 1;
      yield new Int16Array(1_600);
    }
  }
  const inlet = new Inlet(endless(), () => undefined);
  await until(() => inlet.availableSamples >= 8_000);
  await until(() => takenCount === 5);

  inlet.take(1_600);

  await until(() => takenCount === 6);
  inlet.close();
});

test("a fault of the engine is the end, behind what came before it", async () => {
  const fault = new Error("broken");
  async function* breaking(): AsyncGenerator<Int16Array, void, undefined> {
    yield new Int16Array(5);
    throw fault;
  }
  const inlet = new Inlet(breaking(), () => undefined);
  await until(() => inlet.isComplete);

  expect(inlet.end).toBeUndefined();
  inlet.take(5);
  expect(inlet.end).toEqual({ error: fault });
});

test("a sound that nobody wants any more is told so, and its late fault troubles nobody", async () => {
  let isLeft = false;
  async function* faulty(): AsyncGenerator<Int16Array, void, undefined> {
    try {
      for (;;) yield new Int16Array(8_000);
    } finally {
      isLeft = true;
      // biome-ignore lint/correctness/noUnsafeFinally: this is the fault
      throw new Error("late");
    }
  }
  const inlet = new Inlet(faulty(), () => undefined);
  await until(() => inlet.availableSamples > 0);

  inlet.close();

  await until(() => isLeft);
  expect(inlet.take(10).length).toBe(0);
});
