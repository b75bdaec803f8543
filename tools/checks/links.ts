/** Links between documents lead somewhere: the file exists, and the heading after `#` too. */
import { posix } from "node:path";
import type { Finding } from "./finding.ts";
import type { Doc, World } from "./world.ts";

const RULE = "links";

interface Link {
  readonly target: string;
  readonly line: number;
}

/** Every relative link of a Markdown file that leads nowhere. */
export function checkLinks({ docs, paths }: World): readonly Finding[] {
  const anchors = new Map(docs.map(({ path, text }) => [path, anchorsOf(text)]));
  return docs.flatMap((doc) =>
    linksOf(doc).flatMap(({ target, line }) => {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? doc.path : posix.normalize(posix.join(posix.dirname(doc.path), decodeURI(file)));
      const known = path === "." || paths.has(path.replace(/\/$/, ""));
      if (!known) return [{ path: doc.path, line, rule: RULE, message: `${target} does not exist.` }];
      const hasAnchor = anchor === undefined || (anchors.get(path)?.has(anchor) ?? true);
      return hasAnchor ? [] : [{ path: doc.path, line, rule: RULE, message: `${path} has no heading #${anchor}.` }];
    }),
  );
}

/** Inline links and images; code, quoted or fenced, is no link. */
function linksOf({ text }: Doc): readonly Link[] {
  return withoutFences(text)
    .split("\n")
    .flatMap((line, index) =>
      [...line.replaceAll(/`[^`]*`/g, "").matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map(([, target = ""]) => ({
        target,
        line: index + 1,
      })),
    )
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** The anchors that headings get: lower case, punctuation dropped, blanks to hyphens. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = withoutFences(text).matchAll(/^#+\s+(.+)$/gm);
  return new Set([...headings].map(([, heading = ""]) => anchorOf(heading)));
}

function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

/** The text with the lines of fenced code emptied, so that line numbers stay. */
function withoutFences(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, (fence) => fence.replaceAll(/[^\n]/g, ""));
}
