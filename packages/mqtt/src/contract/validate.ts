import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Problem } from "../errors.ts";
import type { Topic } from "./topic.ts";

/** What a contract's schema makes of a value. */
export type Verdict =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Asks the contract's schema; a schema that throws (a stack that overflows on deep data, a defect) is a problem too. */
export function validate(topic: Topic, data: unknown): Verdict {
  let outcome: ReturnType<StandardSchemaV1["~standard"]["validate"]>;
  try {
    outcome = topic.payload["~standard"].validate(data);
  } catch (error) {
    return refused(error instanceof RangeError ? "is nested too deeply" : `cannot be checked: ${String(error)}`);
  }
  if (outcome instanceof Promise) {
    outcome.catch(() => undefined); // its answer would come too late for anybody
    return refused("cannot be checked: the schema is asynchronous");
  }
  if (outcome.issues === undefined) return { ok: true, value: outcome.value };
  return { ok: false, problems: outcome.issues.map((issue) => ({ path: pathOf(issue), reason: issue.message })) };
}

function refused(reason: string): Verdict {
  return { ok: false, problems: [{ path: "", reason }] };
}

function pathOf(issue: StandardSchemaV1.Issue): string {
  return (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part)).join(".");
}
