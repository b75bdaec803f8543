import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plantedSecret } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConnectOptions } from "../options.ts";
import { configFromEnv } from "./config-from-env.ts";

const SECRET = plantedSecret("sunflower");

function optionsOf(env: Readonly<Record<string, string>>): ConnectOptions {
  return configFromEnv({ MQTT_URL: "mqtt://localhost:1883", MQTT_CLIENT_ID: "tars-stt", ...env }).options;
}

/** What `credentials` or `tls` give when they are asked, as at a connection attempt. */
async function asked<T>(value: T | (() => T | Promise<T>) | undefined): Promise<T | undefined> {
  return value instanceof Function ? value() : value;
}

describe("files named by variables", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "config-from-env-"));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it("are read at each connection attempt, not before, and without the last line's end", async () => {
    const path = join(directory, "password");
    const { credentials } = optionsOf({ MQTT_URL: "mqtt://u@h", MQTT_PASSWORD_FILE: path });

    await writeFile(path, `${SECRET}\n`);
    expect(await asked(credentials)).toEqual({ username: "u", password: SECRET });
    await writeFile(path, " rotated \r\n");
    expect(await asked(credentials)).toEqual({ username: "u", password: " rotated " });
  });

  it("give authority, certificate and key as they are", async () => {
    for (const name of ["ca", "cert", "key"]) await writeFile(join(directory, name), `PEM of ${name}`);
    const { tls } = optionsOf({
      MQTT_URL: "mqtts://h",
      MQTT_CA_FILE: join(directory, "ca"),
      MQTT_CERT_FILE: join(directory, "cert"),
      MQTT_KEY_FILE: join(directory, "key"),
    });

    const texts = Object.entries((await asked(tls)) ?? {}).map(([name, value]) => [name, String(value)]);
    expect(texts).toEqual([
      ["ca", "PEM of ca"],
      ["cert", "PEM of cert"],
      ["key", "PEM of key"],
    ]);
  });

  it("say which variable named a file that cannot be read", async () => {
    const path = join(directory, "missing");

    await expect(asked(optionsOf({ MQTT_PASSWORD_FILE: path }).credentials)).rejects.toThrow(
      `MQTT_PASSWORD_FILE: the file ${path} cannot be read (ENOENT)`,
    );
    await expect(asked(optionsOf({ MQTT_URL: "mqtts://h", MQTT_CA_FILE: path }).tls)).rejects.toThrow(
      `MQTT_CA_FILE: the file ${path} cannot be read (ENOENT)`,
    );
  });

  it("must not hold an empty password", async () => {
    const path = join(directory, "password");
    await writeFile(path, "\n");

    await expect(asked(optionsOf({ MQTT_PASSWORD_FILE: path }).credentials)).rejects.toThrow(/is empty/);
  });
});
