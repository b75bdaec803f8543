/**
 * docs/errors.md and the errors that packages throw list the same codes, each once, with the same class and the same answer to
 * whether trying again helps.
 */
import type { Class, PropertyDefinition } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { roleOf } from "./roles.ts";
import { lineAt, type Source } from "./source.ts";
import { walk } from "./walk.ts";
import type { World } from "./world.ts";

const RULE = "error-codes";
const PATH = "docs/errors.md";

/** What is said of one code, in the sources or in the document. */
interface CodedError {
  readonly code: string;
  readonly className: string;
  /** `depends`: on the error's data. */
  readonly retry: "yes" | "no" | "depends";
  readonly path: string;
  readonly line: number;
}

/** Every code that is undocumented, gone, told differently or used by two classes. */
export function checkErrorCodes({ sources, docs }: World): readonly Finding[] {
  const thrown = sources.filter(({ path }) => roleOf(path) === "product").flatMap(codedErrorsOf);
  const told = rowsOf(docs.find(({ path }) => path === PATH)?.text ?? "");
  return [
    ...repeated(thrown).map((error) => finding(error, `${error.code} is the code of another class too; one each.`)),
    ...repeated(told).map((row) => finding(row, `${row.code} stands here twice.`)),
    ...thrown.flatMap((error) => {
      const row = told.find(({ code }) => code === error.code);
      return row === undefined ? [finding(error, `${error.code} is missing in ${PATH}; say there what to do.`)] : [];
    }),
    ...told.flatMap((row) => {
      const error = thrown.find(({ code }) => code === row.code);
      if (error === undefined) return [finding(row, `nothing throws ${row.code} any more.`)];
      const differs = error.className !== row.className || error.retry !== row.retry;
      return differs ? [finding(row, `${row.code} is \`${error.className}\`, try again: ${error.retry}.`)] : [];
    }),
  ];
}

function finding({ path, line }: CodedError, message: string): Finding {
  return { path, line, rule: RULE, message };
}

/** Those whose code an earlier one has already. */
function repeated(errors: readonly CodedError[]): readonly CodedError[] {
  return errors.filter(({ code }, index) => errors.findIndex((other) => other.code === code) < index);
}

/** The classes of a file that have a `code` of the form `PACKAGE_WHAT`. */
function codedErrorsOf(source: Source): readonly CodedError[] {
  const found: CodedError[] = [];
  walk(source.program, (node) => {
    if (node.type !== "ClassDeclaration" || node.id === null) return;
    const code = literalOf(node, "code");
    if (typeof code !== "string" || !/^[A-Z]+(_[A-Z]+)+$/.test(code)) return;
    const retryable = literalOf(node, "retryable");
    const retry = retryable === undefined ? "depends" : retryable === true ? "yes" : "no";
    found.push({ code, className: node.id.name, retry, path: source.path, line: lineAt(source, node.start) });
  });
  return found;
}

/** The literal that a class gives one of its properties; undefined when the constructor decides. */
function literalOf({ body }: Class, name: string): unknown {
  const property = body.body.find(
    (member): member is PropertyDefinition =>
      member.type === "PropertyDefinition" && member.key.type === "Identifier" && member.key.name === name,
  );
  return property?.value?.type === "Literal" ? property.value.value : undefined;
}

/** Rows such as: | `MQTT_LINK` | `LinkError` | yes | … | */
function rowsOf(text: string): readonly CodedError[] {
  return text.split("\n").flatMap((line, index) => {
    const [, code, className, retry] = /^\| `([A-Z_]+)` \| `(\w+)` \| (yes|no|depends) \|/.exec(line) ?? [];
    if (code === undefined || className === undefined) return [];
    if (retry !== "yes" && retry !== "no" && retry !== "depends") return [];
    return [{ code, className, retry, path: PATH, line: index + 1 }];
  });
}
