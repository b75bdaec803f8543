/**
 * What tests plant, so that the watch over all tests finds it wherever it comes up again (CONTRIBUTING.md, "Planting").
 * Each text carries a core that stands nowhere else, so whoever sees it needs no list of what was planted where.
 */
import { randomBytes } from "node:crypto";

/** In every planted secret. Letters alone: a URL, a YAML file, a header and a password file carry it as it is. */
export const SECRET_CORE = "PlantedSecretQxz";

/** In all planted words; small letters, because hearing and grammars know no others. */
export const WORDS_CORE = "quixplunder";

/**
 * A password, key or token for a test, only letters and digits: another one with each call, or always the same for a name,
 * where it is part of a test's title.
 */
export function plantedSecret(name: string = randomBytes(6).toString("hex")): string {
  return `${SECRET_CORE}${name}`;
}

/** A sentence as somebody may say it, for a test that does not care what is said. */
export function plantedWords(beginning = "tell me about the"): string {
  return `${beginning} ${WORDS_CORE}`;
}
