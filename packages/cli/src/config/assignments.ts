/** What `tars config set` is told to change. Pure. */
/** Values by key (null: back to the default), and the key of the secret that is still to be read. */
export type Assignments =
  | {
      readonly ok: true;
      readonly values: Readonly<Record<string, string | null>>;
      readonly secret: string | undefined;
    }
  | { readonly ok: false; readonly problem: string };

/** Where it is changed. */
export interface AssignedSection {
  readonly section: string;
  /** The keys of its secrets. */
  readonly secrets: readonly string[];
}

/** Reads `key=value`, `key=` (back to the default), and `key` alone, which is a secret to be read from elsewhere. */
export function readAssignments(words: readonly string[], { section, secrets }: AssignedSection): Assignments {
  const values: Record<string, string | null> = Object.create(null);
  let secret: string | undefined;
  const refuse = (problem: string): Assignments => ({ ok: false, problem });
  for (const word of words) {
    const [key = "", ...rest] = word.split("=");
    const value = rest.length === 0 ? undefined : rest.join("=");
    if (key === "") return refuse("A setting has a name: key=value.");
    if (key in values || key === secret) return refuse(`${key} is given twice.`);
    if (value === undefined && !secrets.includes(key)) {
      return refuse(`${key} needs a value: ${key}=… (nothing behind the equals sign: back to the default).`);
    }
    if (value === undefined && secret !== undefined) return refuse(`Set one secret at a time: ${secret}, then ${key}.`);
    if (value !== undefined && value !== "" && secrets.includes(key)) {
      return refuse(
        `${key} is a secret, and every process of this machine can read a command line. ` +
          `Give it on standard input: tars config set ${section} ${key} < file`,
      );
    }
    if (value === undefined) secret = key;
    else values[key] = value === "" ? null : value;
  }
  return { ok: true, values, secret };
}
