/** What is remembered from turn to turn while somebody talks with the robot. Pure. */

export interface Exchange {
  /** What was not understood is said once. */
  readonly isUnclearSaid: boolean;
}

/** Nobody has said anything yet. */
export const NEW_EXCHANGE: Exchange = { isUnclearSaid: false };

/** Somebody was understood. */
export function understood(exchange: Exchange): Exchange {
  return { ...exchange, isUnclearSaid: false };
}

/** What was heard was not understood. */
export function notUnderstood(exchange: Exchange): Exchange {
  return { ...exchange, isUnclearSaid: true };
}
