/** How many misses of a robot that just meets its bars are chance. Pure. */

/**
 * The most events that still are to be expected of `count` trials with this probability each: more come with a probability of at
 * most `risk`.
 */
export function eventsAtMost(count: number, probability: number, risk: number): number {
  let term = (1 - probability) ** count;
  let within = term;
  let events = 0;
  while (events < count && 1 - within > risk) {
    term *= ((count - events) / (events + 1)) * (probability / (1 - probability));
    within += term;
    events += 1;
  }
  return events;
}
