/**
 * Every error that JavaScript makes in this process, thrown, rejected, logged or handed on. It is inspected when its test has
 * ended, with its causes and members: by then they are set. Errors that the engine or Node makes are seen as causes of ours, and
 * where they are logged.
 */
import { everySightOf, lookAt } from "../suite-watch.ts";

const made: Error[] = [];

/** More of them in one test are the work of a generator; of those beyond only name and message are looked at. */
const INSPECTED_COUNT = 300;

/** As it was before the hook: only this one holds the depth of stacks. */
const PlainError = Error;

const NAMES = ["Error", "TypeError", "RangeError", "SyntaxError", "AggregateError"] as const;

/** Replaces the constructors of errors in this process, for good: of those made from now on none is missed. */
export function watchErrors(): void {
  const constructors: Record<(typeof NAMES)[number], object> = globalThis;
  for (const name of NAMES) constructors[name] = watched(globalThis[name]);
}

/** The same constructor, of which each instance is remembered. */
function watched<T extends ErrorConstructor | AggregateErrorConstructor>(original: T): T {
  const proxy: T = new Proxy(original, {
    construct: function construct(_target, args, newTarget) {
      return make(original, { args, newTarget, hidden: newTarget === proxy ? construct : newTarget });
    },
    apply: function apply(target, _self, args) {
      return make(original, { args, newTarget: target, hidden: apply });
    },
  });
  original.prototype.constructor = proxy;
  return proxy;
}

interface Making {
  readonly args: readonly unknown[];
  readonly newTarget: unknown;
  /** The function up to which a stack is nobody's story: this hook, or the constructor of a class, as without a hook. */
  readonly hidden: unknown;
}

function make(original: ErrorConstructor | AggregateErrorConstructor, { args, newTarget, hidden }: Making): Error {
  // Stacks cost most of the time that an error takes, and the one that is made first would be thrown away.
  const { stackTraceLimit } = PlainError;
  PlainError.stackTraceLimit = 0;
  const error = Reflect.construct(original, args, newTarget as NewableFunction) as Error; // what a construct trap is given, and gives
  PlainError.stackTraceLimit = stackTraceLimit;
  PlainError.captureStackTrace(error, hidden as () => unknown); // any function
  if (made.length < INSPECTED_COUNT) made.push(error);
  else lookAt({ kind: "error", where: nameOf(error), text: String(error.message) });
  return error;
}

/** Looks at the errors made since the last call. */
export function lookAtErrors(): void {
  for (const error of made.splice(0)) lookAt({ kind: "error", where: nameOf(error), text: everySightOf(error) });
}

/** A name may be anything: tests make strange errors. */
function nameOf(error: Error): string {
  return String(error.name);
}
