/**
 * The programs of a README. Pure: no files, no processes.
 *
 * Each `ts` block is a whole module and stands behind a comment that names the example it is, and how that ends:
 *
 *   <!-- examples/topics.ts -->                  ends by itself
 *   <!-- examples/parrot.ts, until SIGTERM -->   runs until it is told to end
 *
 * A `text` block behind it is what the program prints, line by line.
 */
export interface Block {
  /** Such as `topics.ts`. */
  readonly file: string;
  /** Of the line that opens the block, counted from 1. */
  readonly line: number;
  readonly code: string;
  readonly ends: "by itself" | "at SIGTERM";
  /** Undefined when the README does not say what it prints. */
  readonly prints: string | undefined;
}

const DIRECTIVE = /^<!-- examples\/([\w.-]+\.ts)(, until SIGTERM)? -->$/;
/** What all of them connect to; the one text that is replaced before they run. */
const README_URL = "mqtt://localhost";

/**
 * The `ts` blocks of a Markdown text, in its order.
 *
 * @throws {Error} when one has no directive, or two have the same file.
 */
export function readBlocks(markdown: string): readonly Block[] {
  const fences = fencesOf(markdown.split("\n"));
  const blocks = fences.flatMap((fence, index) => (fence.language === "ts" ? [blockOf(fence, fences[index + 1])] : []));
  const twice = blocks.find(({ file }, index) => blocks.findIndex((other) => other.file === file) < index);
  if (twice !== undefined) throw new Error(`Line ${twice.line}: ${twice.file} stands in the README twice.`);
  return blocks;
}

/**
 * A program, as text, made to talk to this broker.
 *
 * @throws {Error} when it names none that could be replaced.
 */
export function talkingTo(brokerUrl: string, program: string): string {
  if (program.includes("openBroker(")) return program; // a test with a broker of its own
  if (!program.includes(`"${README_URL}"`)) throw new Error(`A program connects to something else than ${README_URL}.`);
  return program.replaceAll(`"${README_URL}"`, JSON.stringify(brokerUrl));
}

interface Fence {
  readonly language: string;
  readonly line: number;
  readonly endLine: number;
  readonly text: string;
  /** The last line before it that is not empty. */
  readonly before: string;
}

function fencesOf(lines: readonly string[]): readonly Fence[] {
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const opening = /^```(\w*)$/.exec(lines[at] ?? "");
    if (opening === null) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`Line ${at + 1}: the block has no end.`);
    fences.push({
      language: opening[1] ?? "",
      line: at + 1,
      endLine: end + 1,
      text: `${lines.slice(at + 1, end).join("\n")}\n`,
      before: lines.slice(0, at).findLast((line) => line !== "") ?? "",
    });
    at = end;
  }
  return fences;
}

function blockOf({ before, line, endLine, text }: Fence, next: Fence | undefined): Block {
  const directive = DIRECTIVE.exec(before);
  if (directive === null) throw new Error(`Line ${line}: a ts block needs <!-- examples/NAME.ts --> before it.`);
  const [, file = "", untilSigterm] = directive;
  // An output stands directly behind its program: one empty line between the two fences.
  const prints = next?.language === "text" && next.line === endLine + 2 ? next.text : undefined;
  return { file, line, code: text, ends: untilSigterm === undefined ? "by itself" : "at SIGTERM", prints };
}
