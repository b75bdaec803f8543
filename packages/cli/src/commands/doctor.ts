import { paintFor } from "../colour.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { type Finding, findingsOf } from "../doctor/findings.ts";
import { lookAround } from "../doctor/look-around.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";

const SIGNS = { ok: "✓", lacking: "–", missing: "✗" } as const;

/** Says what is there and what is missing, each with the one thing that helps. Fails when something stops the robot. */
export async function doctor(context: Context, options: CommonOptions): Promise<ExitCode> {
  const findings = findingsOf(await lookAround(context, options));
  if (options.json === true) sayJson(context, findings);
  else for (const finding of findings) sayLine(context, lineOf(context, finding));
  return findings.some(({ state }) => state === "missing") ? EXIT.failed : EXIT.ok;
}

function lineOf(context: Context, { part, state, what, remedy }: Finding): string {
  const paint = paintFor(context);
  const colour = { ok: paint.green, lacking: paint.yellow, missing: paint.red }[state];
  const help = remedy === undefined ? "" : `\n  ${" ".repeat(PART_WIDTH)} ${paint.cyan(`→ ${remedy}`)}`;
  return `${colour(SIGNS[state])} ${part.padEnd(PART_WIDTH)} ${what}${help}`;
}

const PART_WIDTH = 12;
