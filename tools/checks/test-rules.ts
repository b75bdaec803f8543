/**
 * Rules of tests and harness: no sleeping, no module mocks, no focused test, no skip without a printed reason, no assertion
 * that cannot fail, and a title that is a sentence.
 */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { importsOf } from "./imports.ts";
import { roleOf } from "./roles.ts";
import { reporter, type Source } from "./source.ts";
import { isTestName, titlesOf } from "./test-titles.ts";
import { walk } from "./walk.ts";
import type { World } from "./world.ts";

const RULE = "test-rules";
const report = reporter(RULE);

/** The places that make time for all others: the one that waits with a deadline, and the scheduler of the cuttable link. */
const TIME_KEEPERS = /^packages\/harness\/src\/(.+\/)?(deadline|scheduler|link-scheduler)\.ts$/;

const SLEEPERS = new Set(["setTimeout", "setInterval"]);

/** Every break of a rule in tests, e2e and harness. */
export function checkTestRules({ sources }: World): readonly Finding[] {
  return sources
    .filter(({ path }) => ["test", "e2e", "harness"].includes(roleOf(path)))
    .flatMap((source) => [...checkSleep(source), ...checkCalls(source), ...checkTitles(source)]);
}

function checkSleep(source: Source): readonly Finding[] {
  if (TIME_KEEPERS.test(source.path)) return [];
  const found = importsOf(source)
    .filter(({ specifier }) => /^(node:)?timers(\/promises)?$/.test(specifier))
    .map(({ line, specifier }) => ({
      path: source.path,
      line,
      rule: RULE,
      message: `${specifier}: ${INSTEAD_OF_SLEEP}`,
    }));
  walk(source.program, (node) => {
    const sleeper = sleeperIn(node);
    if (sleeper !== undefined) found.push(report(source, node, `${sleeper}: ${INSTEAD_OF_SLEEP}`));
  });
  return found;
}

const INSTEAD_OF_SLEEP =
  "no sleeping; wait for an observation with the harness's deadline, move a manual clock, or publish a fence.";

function sleeperIn(node: Node): string | undefined {
  if (node.type !== "CallExpression") return undefined;
  const { callee } = node;
  if (callee.type === "Identifier" && SLEEPERS.has(callee.name)) return callee.name;
  if (callee.type !== "MemberExpression") return undefined;
  const path = memberPath(callee);
  return ["Atomics.wait", "scheduler.wait", "globalThis.setTimeout", "globalThis.setInterval"].find(
    (name) => name === path,
  );
}

function checkCalls(source: Source): readonly Finding[] {
  const found: Finding[] = [];
  walk(source.program, (node) => {
    const message = node.type === "MemberExpression" ? objectionToMember(memberPath(node)) : objectionToExpect(node);
    if (message !== undefined) found.push(report(source, node, message));
  });
  return found;
}

function objectionToMember(path: string): string | undefined {
  if (/^vi\.(mock|doMock|unmock|doUnmock)$/.test(path))
    return "no module mocks; write a fake that implements the port.";
  const [name = "", ...modifiers] = path.split(".");
  if (!isTestName(name)) return undefined;
  const modifier = modifiers.at(-1) ?? "";
  if (modifier === "only") return "a focused test hides all others; remove `.only`.";
  return ["skip", "todo", "skipIf", "runIf"].includes(modifier)
    ? `\`.${modifier}\` prints no reason; call \`context.skip(condition, "reason")\` in the test.`
    : undefined;
}

/** `expect(true)` holds whatever the product does. */
function objectionToExpect(node: Node): string | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier" || node.callee.name !== "expect")
    return undefined;
  return node.arguments[0]?.type === "Literal"
    ? "an assertion on a literal cannot fail; assert what was observed."
    : undefined;
}

function checkTitles(source: Source): readonly Finding[] {
  return (
    titlesOf(source)
      // What a table fills in may be a whole clause.
      .filter(({ parts }) => parts.length === 1 && !/%[sdifjo]|\$\w/.test(parts[0] ?? ""))
      .filter(({ parts }) => (parts[0] ?? "").trim().split(/\s+/).length < 3)
      .map(({ start }) =>
        report(source, { start }, "a title is a sentence: subject, behaviour, condition (three words at least)."),
      )
  );
}

/** `a.b.c` of a chain of members; empty where it is no such chain. */
function memberPath(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return "";
  return `${memberPath(node.object)}.${node.property.name}`;
}
