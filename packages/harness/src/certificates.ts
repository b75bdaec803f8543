import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Paths of PEM files, and the texts a client needs. */
export interface Certificates extends AsyncDisposable {
  readonly caFile: string;
  /** For `localhost` and `127.0.0.1`. */
  readonly serverCertFile: string;
  readonly serverKeyFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
  readonly caPem: string;
  readonly clientCertPem: string;
  readonly clientKeyPem: string;
}

/** Days; long against a test, short enough to be worthless elsewhere. */
const VALID_DAYS = "2";
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** A fresh authority with a server's and a client's certificate, made by `openssl` in a temporary directory. */
export async function createCertificates(options: { readonly clientName?: string } = {}): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), "ts-tars-certificates-"));
  const path = (name: string): string => join(folder, name);
  await openssl([
    "req",
    "-x509",
    ...NEW_KEY,
    "-keyout",
    path("ca.key"),
    "-out",
    path("ca.crt"),
    "-days",
    VALID_DAYS,
    "-subj",
    "/CN=test authority",
  ]);
  await sign(
    folder,
    "server",
    "/CN=localhost",
    "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n",
  );
  await sign(folder, "client", `/CN=${options.clientName ?? "client"}`, "extendedKeyUsage=clientAuth\n");
  return {
    caFile: path("ca.crt"),
    serverCertFile: path("server.crt"),
    serverKeyFile: path("server.key"),
    clientCertFile: path("client.crt"),
    clientKeyFile: path("client.key"),
    caPem: await readFile(path("ca.crt"), "utf8"),
    clientCertPem: await readFile(path("client.crt"), "utf8"),
    clientKeyPem: await readFile(path("client.key"), "utf8"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function sign(folder: string, name: string, subject: string, extensions: string): Promise<void> {
  const path = (suffix: string): string => join(folder, `${name}.${suffix}`);
  await writeFile(path("ext"), extensions);
  await openssl(["req", ...NEW_KEY, "-keyout", path("key"), "-out", path("csr"), "-subj", subject]);
  const ca = ["-CA", join(folder, "ca.crt"), "-CAkey", join(folder, "ca.key"), "-CAcreateserial"];
  await openssl([
    "x509",
    "-req",
    "-in",
    path("csr"),
    ...ca,
    "-out",
    path("crt"),
    "-days",
    VALID_DAYS,
    "-extfile",
    path("ext"),
  ]);
}

async function openssl(args: readonly string[]): Promise<void> {
  await run("openssl", args);
}
