/** What an error of SQLite means for its file. Pure. */

/** The file does not hold what this program wrote there: not a database, damaged, or of another version. */
export class DamagedFileError extends Error {
  static {
    DamagedFileError.prototype.name = "DamagedFileError";
  }
}

/** `taken`: another connection holds it · `damaged`: it cannot be read, now or later · `failing`: it may work again. */
export type SqliteVerdict = "taken" | "damaged" | "failing";

/** Primary result codes. Source: https://sqlite.org/rescode.html */
const ERROR = 1;
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
/** The lower byte of an extended code is its primary one. */
const PRIMARY = 0xff;

/** Anything that is not known to be final may pass. */
export function verdictOf(error: unknown): SqliteVerdict {
  if (error instanceof DamagedFileError) return "damaged";
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & PRIMARY : undefined;
  if (code === BUSY || code === LOCKED) return "taken";
  return code === CORRUPT || code === NOT_A_DATABASE ? "damaged" : "failing";
}

/** What went wrong while a file was read: that a table or column is missing says that it is not ours. */
export function asDamaged(cause: unknown): unknown {
  const isMissing = cause instanceof Error && "errcode" in cause && cause.errcode === ERROR;
  return isMissing ? new DamagedFileError(cause.message, { cause }) : cause;
}
