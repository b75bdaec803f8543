import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { BrokerUser } from "./broker.ts";
import { BrokerNotInstalledError } from "./errors.ts";

const run = promisify(execFile);

/**
 * Writes a Mosquitto password file (mode 0600) with salted hashes.
 *
 * The clear text is hashed in place (`mosquitto_passwd -U`), so that no password is ever an argument of a process.
 *
 * @throws {TypeError} when a name or password cannot stand in such a file.
 */
export async function writePasswordFile(path: string, users: readonly BrokerUser[]): Promise<void> {
  for (const { username, password } of users) {
    if (username === "" || /[:\r\n\0]/.test(username))
      throw new TypeError(`User name "${username}" is empty or holds ":" or a line break.`);
    if (password === "" || /[\r\n\0]/.test(password))
      throw new TypeError(`The password of "${username}" is empty or holds a line break.`);
  }
  await writeFile(path, "", { mode: 0o600 });
  await chmod(path, 0o600);
  await writeFile(path, users.map(({ username, password }) => `${username}:${password}\n`).join(""));
  await hashInPlace(path);
  await chmod(path, 0o600);
}

async function hashInPlace(path: string): Promise<void> {
  try {
    await run("mosquitto_passwd", ["-U", path]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new BrokerNotInstalledError("mosquitto_passwd", { cause: error });
    }
    throw error;
  }
}
