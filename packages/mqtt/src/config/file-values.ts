import { readFile } from "node:fs/promises";
import { ConfigurationError } from "../errors.ts";
import type { Credentials, TlsSettings } from "../options.ts";

/** A file, and the variable that named it. */
export interface NamedFile {
  readonly variable: string;
  readonly path: string;
}

/** Credentials whose password is read anew at each attempt, so that a rotated one is used without a restart. */
export function credentialsFromFile(username: string | undefined, file: NamedFile): () => Promise<Credentials> {
  return async () => {
    const password = (await read(file)).toString("utf8").replace(/\r?\n$/, "");
    if (password === "") throw unreadable(file, "is empty");
    return username === undefined ? { password } : { username, password };
  };
}

/** TLS settings whose files are read anew at each attempt: certificates expire and are replaced. */
export function tlsFromFiles(
  files: {
    readonly [Part in "ca" | "cert" | "key"]?: NamedFile | undefined;
  },
): () => Promise<TlsSettings> {
  return async () => {
    const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map((file) => file && read(file)));
    return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  };
}

async function read(file: NamedFile): Promise<Buffer> {
  try {
    return await readFile(file.path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw unreadable(file, `cannot be read (${code})`);
  }
}

function unreadable(file: NamedFile, what: string): ConfigurationError {
  return new ConfigurationError({ problems: [`${file.variable}: the file ${file.path} ${what}`] });
}
