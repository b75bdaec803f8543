/** How a `tars` command ends; the first four are everyday, the others follow sysexits.h. */
export const EXIT = Object.freeze({
  /** It did what it was asked. */
  ok: 0,
  /** It ran, and the answer is bad news: the turn failed, a service is not healthy, something is missing. */
  failed: 1,
  /** The command line is wrong. */
  usage: 64,
  /** Nothing runs, the broker does not answer, or the service in charge is not running (it is named). */
  unavailable: 69,
  /** A fault inside the command. */
  internal: 70,
  /** Nothing came in time. */
  timeout: 75,
  /** A setting is missing, malformed or contradictory. */
  configuration: 78,
  /** Ctrl-C. */
  interrupted: 130,
});

/** One of the codes above. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
