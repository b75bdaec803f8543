import { chmod, rm, stat } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";
import { makeFolder } from "@ts-tars/service";
import { AudioSinkError } from "../errors.ts";

/** What the kernel has room for in the name of a socket, with its closing zero. */
const PATH_BYTES_MAX = 107;
/** For the user and its group: whoever may connect hears the room. */
const SOCKET_MODE = 0o660;

/**
 * Lets the server listen at a socket file: makes its folder, and removes the file of a server that has died.
 *
 * @throws {AudioSinkError} when the path is too long, something else lies there, or a living server listens on it.
 */
export async function listenAt(server: Server, path: string): Promise<void> {
  const refuse = (why: string, remedy: string, cause?: unknown): never => {
    throw new AudioSinkError(`The sound cannot be shared at ${path}: ${why}`, { remedy, cause });
  };
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
    refuse(`the path is longer than the ${PATH_BYTES_MAX} bytes that a socket's may have.`, "Set a shorter path.");
  }
  try {
    await makeFolder(dirname(path));
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && !found.isSocket())
      refuse("there is a file that is no socket.", "Move it, or set another path.");
    if (found !== undefined && (await isAlive(path))) {
      refuse("another program shares its sound there already.", "End that one, or set another path.");
    }
    await rm(path, { force: true });
    await listening(server, path);
    await chmod(path, SOCKET_MODE);
  } catch (error) {
    if (error instanceof AudioSinkError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    refuse(why, "Set a path in a folder that this user may write to.", error);
  }
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
