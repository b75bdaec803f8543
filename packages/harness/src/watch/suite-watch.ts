/** The one watch of a test process, which all hooks show what they see. */
import { inspect } from "node:util";
import type { Sight } from "./sight.ts";
import { createWatch, type Watch } from "./watch.ts";

let current: Watch = createWatch();

/** Log records that are looked at when the test has ended. */
const records: { readonly level: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];

/** What is inspected when a test has ended, with its name. */
const objects = new Map<object, string>();

let isHooked = false;

/** Whether this process is one of the test suite, whose hooks stand: a measurement or a trial is not. */
export function isWatching(): boolean {
  return isHooked;
}

/** Says that the hooks stand. @returns whether they stood before: a process may run several test files. */
export function beginWatching(): boolean {
  const before = isHooked;
  isHooked = true;
  return before;
}

/** The watch of this process. */
export function suiteWatch(): Watch {
  return current;
}

/** Has a watch see everything in place of the suite's own, until it is disposed: for tests of the watch, which plant leaks. */
export function standInWatch(): Watch & Disposable {
  const [before, standIn] = [current, createWatch()];
  current = standIn;
  return {
    ...standIn,
    [Symbol.dispose]: () => {
      current = before;
    },
  };
}

/** Shows the watch one thing. */
export function lookAt(sight: Sight): void {
  if (isHooked) current.lookAt(sight);
}

/**
 * Shows the watch the fields of a log record, before any redaction. They are looked at when the test has ended: to print the
 * stack of an error holds up the event loop so long that a test with short deadlines would miss them.
 */
export function lookAtFields(level: string, fields: Readonly<Record<string, unknown>>): void {
  if (isHooked) records.push({ level, fields });
}

/** Has an object inspected at the end of the test, as a careless log would do it. */
export function inspectAtEnd<T extends object>(name: string, object: T): T {
  if (isHooked) objects.set(object, name);
  return object;
}

/** Inspects what was handed over with `inspectAtEnd` and `lookAtFields` since the last call. */
export function inspectNow(): void {
  for (const { level, fields } of records.splice(0)) {
    lookAt({ kind: "line", where: `a log at ${level}`, text: everySightOf(fields) });
  }
  for (const [object, name] of objects) lookAt({ kind: "inspection", where: name, text: everySightOf(object) });
  objects.clear();
}

/** As `console.log`, a debugger and JSON show it. */
export function everySightOf(value: unknown): string {
  const inspected = inspect(value, { depth: Number.POSITIVE_INFINITY, maxStringLength: null });
  // Lists of numbers are set in columns.
  return `${inspected.replaceAll(/\s+/gu, " ")} ${asJson(value)}`;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // a circle, or a member that cannot be written: then nobody can write it anywhere
  }
}
