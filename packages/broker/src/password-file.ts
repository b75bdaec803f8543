import { pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { BrokerUser } from "./broker.ts";
import { writePrivateFile } from "./private-file.ts";

const derive = promisify(pbkdf2);

/** Mosquitto's `$7$`: PBKDF2 with SHA-512, since 2.0. */
const SALT_BYTES = 12;
const HASH_BYTES = 64;
/** Ten times its default; about 1 ms of the broker's time for each connection. */
const ITERATION_COUNT = 1_000;

/**
 * Writes a Mosquitto password file (mode 0600) with salted hashes.
 *
 * Hashed here and not by `mosquitto_passwd`, which wants passwords as arguments, where every process sees them, or cuts
 * them at the first colon.
 *
 * @throws {TypeError} when a name or password is empty, or a name cannot stand in such a file.
 */
export async function writePasswordFile(path: string, users: readonly BrokerUser[]): Promise<void> {
  const lines = await Promise.all(users.map(passwordLine));
  await writePrivateFile(path, lines.join(""));
}

async function passwordLine({ username, password }: BrokerUser): Promise<string> {
  if (username === "" || /[:\r\n\0]/.test(username)) {
    throw new TypeError(`User name ${JSON.stringify(username)} is empty or holds ":" or a line break.`);
  }
  if (password === "") throw new TypeError(`The password of "${username}" is empty.`);
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, ITERATION_COUNT, HASH_BYTES, "sha512");
  return `${username}:$7$${ITERATION_COUNT}$${salt.toString("base64")}$${hash.toString("base64")}\n`;
}
