import type { Canary } from "../canary.ts";

/** Breaks of how the client's work hangs together in traces, and of what keeps a broken hook from it. */
export const spanBreaks: readonly Canary[] = [
  {
    name: "handler-outside-its-span",
    file: "packages/mqtt/src/receive/handle.ts",
    find: "if (span !== undefined) return inSpan(span, context, () => record.call(message, packet));",
    replace: "if (span !== undefined) span.run(() => undefined);",
    test: "packages/mqtt/src/spans.broker.test.ts",
    title: "what a handler publishes belongs to the handler's span, and that to the publisher's",
  },
  {
    name: "question-outside-its-span",
    file: "packages/mqtt/src/request/requester.ts",
    find: "return inSpan(span, context, () => endWith(span, this.#ask(pair, data, { ...options, id })));",
    replace: "return endWith(span, this.#ask(pair, data, { ...options, id }));",
    test: "packages/mqtt/src/spans.broker.test.ts",
    title: "a question, what is sent for it and its answer are one trace",
  },
  {
    name: "span-does-its-work-twice",
    file: "packages/mqtt/src/open-span.ts",
    find: "result ??= resultOf(work);",
    replace: "result = resultOf(work);",
    test: "packages/mqtt/src/open-span.test.ts",
    title: "a hook that calls the work only later finds it done",
  },
  {
    name: "handled-below-a-stranger",
    file: "packages/telemetry/src/opentelemetry/spans.ts",
    find: 'const base = kind === "handle" ? ROOT_CONTEXT : context.active();',
    replace: 'const base = kind === "request" ? ROOT_CONTEXT : context.active();',
    test: "packages/telemetry/src/opentelemetry/opentelemetry-hooks.test.ts",
    title: "of what is handled is the publisher's span, whatever was active when the connection was opened",
  },
];
