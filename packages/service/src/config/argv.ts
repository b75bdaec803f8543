import { type ConfigDefinition, type Fields, flagName } from "./define.ts";
import { nameHint } from "./nearest.ts";

/** A command line, read: flags by definition name, and what could not be understood. */
export interface ParsedArgv {
  /** Per definition the flags that belong to it, as `Sources` wants them. */
  readonly flags: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly problems: readonly string[];
}

interface Target {
  readonly section: string;
  readonly flag: string;
  readonly kind: "value" | "bool" | "refused secret";
}

/** A definition whose settings can be given as flags. */
export type FlaggedDefinition = Pick<ConfigDefinition<Fields>, "name" | "fields">;

/**
 * Reads `--flag value`, `--flag=value`, `--is-loud` and `--no-is-loud`. The first definition's flags stand by
 * themselves, the others carry their name in front (`--mqtt-url`), unless they have a bare flag. Pure.
 */
export function parseArgv(argv: readonly string[], definitions: readonly FlaggedDefinition[]): ParsedArgv {
  const targets = targetsOf(definitions);
  const flags = new Map(definitions.map(({ name }): [string, Record<string, string>] => [name, {}]));
  const problems: string[] = [];
  const rest = [...argv];
  let before = "at the beginning";
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const { name, value } = split(word);
    const target = targets.get(name);
    if (target === undefined) {
      // A word that was not understood is not repeated: it may be a secret.
      const what = name === "" ? `A word ${before} belongs to no option.` : `--${name} is not an option.`;
      problems.push(`${what}${name === "" ? "" : nameHint(name, [...targets.keys()])}`);
    } else {
      const given = value ?? (target.kind === "bool" ? String(!name.startsWith("no-")) : rest.shift());
      const problem = take(flags, target, { name, given });
      if (problem !== undefined) problems.push(problem);
    }
    before = `after --${name}`;
  }
  return { flags, problems };
}

function take(
  flags: ReadonlyMap<string, Record<string, string>>,
  { section, flag, kind }: Target,
  { name, given }: { readonly name: string; readonly given: string | undefined },
): string | undefined {
  if (kind === "refused secret")
    return `--${name}: a secret is not given on the command line; name its file with --${name}-file.`;
  if (given === undefined) return `--${name} needs a value.`;
  const ofSection = flags.get(section);
  if (ofSection !== undefined) ofSection[flag] = given;
  return undefined;
}

function split(word: string): { readonly name: string; readonly value: string | undefined } {
  const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/su.exec(word) ?? [];
  return { name, value };
}

function targetsOf(definitions: readonly FlaggedDefinition[]): ReadonlyMap<string, Target> {
  const targets = new Map<string, Target>();
  for (const [index, { name, fields }] of definitions.entries()) {
    for (const [key, { kind, hasBareFlag }] of Object.entries(fields)) {
      const prefix = index === 0 || hasBareFlag ? "" : `${name}-`;
      const flag = flagName(key);
      const put = (written: string, target: Omit<Target, "section">): void =>
        // `--log-level` is of the service itself, and would be of the section `log` as well.
        void (targets.has(written) || targets.set(written, { section: name, ...target }));
      if (kind === "secret") put(`${prefix}${flag}-file`, { flag: `${flag}-file`, kind: "value" });
      if (kind === "bool") put(`no-${prefix}${flag}`, { flag, kind: "bool" });
      put(`${prefix}${flag}`, {
        flag,
        kind: kind === "bool" ? "bool" : kind === "secret" ? "refused secret" : "value",
      });
    }
  }
  return targets;
}
