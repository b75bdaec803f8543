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
const VALID = "-days 2";
const NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
const SERVER_EXTENSIONS = "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n";
const CLIENT_EXTENSIONS = "extendedKeyUsage=clientAuth\n";

/** A fresh authority with a server's and a client's certificate, made by `openssl` in a temporary directory. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), "ts-tars-certificates-"));
  const openssl = async (commandLine: string): Promise<void> => {
    await run("openssl", commandLine.split(" "), { cwd: folder });
  };
  const sign = async (name: string, extensions: string): Promise<void> => {
    await writeFile(join(folder, `${name}.ext`), extensions);
    await openssl(`req ${NEW_KEY} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
    const ca = "-CA ca.crt -CAkey ca.key -CAcreateserial";
    await openssl(`x509 -req -in ${name}.csr ${ca} -out ${name}.crt ${VALID} -extfile ${name}.ext`);
  };
  await openssl(`req -x509 ${NEW_KEY} -keyout ca.key -out ca.crt ${VALID} -subj /CN=test-authority`);
  await sign("server", SERVER_EXTENSIONS);
  await sign("client", CLIENT_EXTENSIONS);
  const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  return {
    caFile: join(folder, "ca.crt"),
    serverCertFile: join(folder, "server.crt"),
    serverKeyFile: join(folder, "server.key"),
    clientCertFile: join(folder, "client.crt"),
    clientKeyFile: join(folder, "client.key"),
    caPem: await read("ca.crt"),
    clientCertPem: await read("client.crt"),
    clientKeyPem: await read("client.key"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
