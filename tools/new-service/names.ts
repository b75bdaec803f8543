/** The forms in which a service's name appears. Pure. */

/** `weather-worker` in every form that code uses. */
export interface Names {
  readonly kebab: string;
  readonly camel: string;
  readonly pascal: string;
  readonly snake: string;
  readonly upper: string;
}

/** The template's own name. */
const SAMPLE = formsOf("sample-service");

/** The forms of a name. @throws {Error} when it is no service name. */
export function namesOf(name: string): Names {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`"${name}" is no service name. Usage: npm run new-service weather-worker`);
  }
  return formsOf(name);
}

/** The text of the template with its name replaced, in every form. */
export function rename(text: string, names: Names): string {
  const forms = ["kebab", "snake", "upper", "pascal", "camel"] as const;
  return forms.reduce((renamed, form) => renamed.replaceAll(SAMPLE[form], names[form]), text);
}

function formsOf(kebab: string): Names {
  const pascal = kebab.split("-").map(capitalize).join("");
  const snake = kebab.replaceAll("-", "_");
  return { kebab, snake, upper: snake.toUpperCase(), pascal, camel: pascal.charAt(0).toLowerCase() + pascal.slice(1) };
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
