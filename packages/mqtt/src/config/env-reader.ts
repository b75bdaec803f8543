/** A set of variables as processes have them. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface NumberRule {
  readonly min: number;
  readonly max?: number;
  readonly isWhole?: boolean;
  /** What is counted: seconds, messages. */
  readonly unit: string;
}

const TRUE: ReadonlySet<string> = new Set(["true", "1", "yes", "on"]);
const FALSE: ReadonlySet<string> = new Set(["false", "0", "no", "off"]);

/** Longer values are cut in messages. */
const SHOWN_CHARACTERS = 40;

/**
 * Reads variables by name and collects what is wrong with them, so that all of it can be told at once. An empty
 * variable counts as unset. Values are shown in problems; ask for secrets with `text`, whose problems show none.
 */
export class EnvReader {
  readonly problems: string[] = [];
  readonly #env: Environment;
  readonly #asked = new Set<string>();

  constructor(env: Environment) {
    this.#env = env;
  }

  text(name: string): string | undefined {
    this.#asked.add(name);
    const value = this.#env[name]?.trim();
    return value === "" ? undefined : value;
  }

  required(name: string, hint: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) this.problems.push(`${name} is missing: ${hint}`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (TRUE.has(value)) return true;
    if (FALSE.has(value)) return false;
    this.#refuse(name, value, "true, 1, yes, on, or false, 0, no, off");
    return undefined;
  }

  number(name: string, rule: NumberRule): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
    const { min, max = Number.MAX_SAFE_INTEGER, isWhole = false } = rule;
    if (number >= min && number <= max && (!isWhole || Number.isSafeInteger(number))) return number;
    this.#refuse(name, value, describe(rule));
    return undefined;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const choice = choices.find((one) => one === value.toLowerCase());
    if (choice === undefined) this.#refuse(name, value, choices.join(", "));
    return choice;
  }

  /** The variables with this prefix that nobody has asked for. */
  unknown(prefix: string): readonly string[] {
    return Object.keys(this.#env).filter((name) => name.startsWith(prefix) && !this.#asked.has(name));
  }

  #refuse(name: string, value: string, wanted: string): void {
    const shown = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
    this.problems.push(`${name} is ${JSON.stringify(shown)}; it must be ${wanted}`);
  }
}

function describe({ min, max, isWhole = false, unit }: NumberRule): string {
  const kind = `${isWhole ? "a whole number" : "a number"} of ${unit}`;
  return max === undefined ? `${kind}, at least ${min}` : `${kind} from ${min} to ${max}`;
}
