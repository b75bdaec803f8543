import { expect, test } from "vitest";
import { currentContext } from "./context.ts";
import type { Span } from "./hooks.ts";
import { SILENT_LOG } from "./log.ts";
import { createMeter } from "./meter.ts";
import { inSpan, type OpenSpan } from "./open-span.ts";

const TRACEPARENT = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
const BEGUN = {
  kind: "handle",
  topic: "tts/say",
  id: "1",
  correlationId: "turn",
  traceparent: `00-${"c".repeat(32)}-${"d".repeat(16)}-01`,
} as const;

const fail = (): never => {
  throw new Error("no tracing today");
};

/** A span of a hook, as the client holds it. */
function open(span: Partial<Span>): OpenSpan {
  const whole: Span = { traceparent: TRACEPARENT, run: (work) => work(), end: () => undefined, ...span };
  const opened = createMeter({ onSpan: () => whole }, SILENT_LOG).open(BEGUN);
  if (opened === undefined) throw new Error("no span was opened");
  return opened;
}

/** How a hook may misuse what it is given. */
const MISUSES: readonly (readonly [string, Span["run"]])[] = [
  ["calls it as it should", (work) => work()],
  ["never calls it", () => undefined],
  [
    "calls it twice",
    (work) => {
      work();
      work();
    },
  ],
  ["throws before it", fail],
  [
    "throws after it",
    (work) => {
      work();
      fail();
    },
  ],
];

test.each(MISUSES)("the work is done exactly once and gives its value when the hook %s", (_how, run) => {
  let times = 0;

  const value = open({ run }).run(() => {
    times += 1;
    return "value";
  });

  expect([value, times]).toEqual(["value", 1]);
});

test.each(MISUSES)("the work's own error comes out when the hook %s", (_how, run) => {
  const work = (): never => {
    throw new RangeError("of the work");
  };

  expect(() => open({ run }).run(work)).toThrow(RangeError);
});

test("a hook that calls the work only later finds it done", () => {
  const later: (() => void)[] = [];
  let times = 0;

  open({ run: (work) => void later.push(work) }).run(() => {
    times += 1;
  });
  for (const work of later) work();

  expect(times).toBe(1);
});

test.each(["", "nonsense", `${TRACEPARENT}-more`, TRACEPARENT.toUpperCase()])(
  "%j is no trace, so what caused the work is carried on",
  (traceparent) => {
    const span = open({ traceparent });

    expect(span.traceparent).toBeUndefined();
    expect(inSpan(span, BEGUN, currentContext)).toEqual({
      correlationId: "turn",
      traceparent: BEGUN.traceparent,
    });
  },
);

test("what belongs to the span inherits its trace and the turn", () => {
  const context = inSpan(open({}), BEGUN, currentContext);

  expect(context).toEqual({ correlationId: "turn", traceparent: TRACEPARENT });
});

test("neither an end that throws nor a hook that opens nothing is felt", () => {
  const span = open({ end: fail });

  expect(() => span.end({ outcome: "done", isFailure: false })).not.toThrow();
  expect(createMeter({ onSpan: fail }, SILENT_LOG).open(BEGUN)).toBeUndefined();
  expect(createMeter({ onSpan: () => undefined }, SILENT_LOG).open(BEGUN)).toBeUndefined();
});
