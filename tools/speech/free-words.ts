/** What speakers say of their own where a command leaves room for it; none of it stands in the intents file. Pure. */

/** What somebody wants to be said. */
export const SPOKEN_TEXTS: readonly string[] = [
  ...["dinner is on the table", "the train leaves at noon", "we will be late tonight", "good night everybody"],
  ...["happy birthday to my sister", "the red door is open", "i am proud of you", "the guests are here"],
  ...["it is raining outside", "the children are in the garden", "please close the window", "we need more milk"],
  ...["the coffee is ready", "see you on monday", "this is a beautiful day", "my brother lives in boston"],
  ...["the dog wants to go out", "thank you for the flowers", "somebody is at the door", "the show begins in an hour"],
  ...["welcome to our house", "the water is too cold", "his father was a doctor", "never give up"],
  ...["the movie was very long", "everything is going to be fine", "your keys are in the kitchen", "the game is over"],
  ...["a cup of tea would be nice", "the old man and the sea"],
];

/** What somebody calls a thing. */
export const GIVEN_NAMES: readonly string[] = [
  ...["soup", "chicken", "garden", "potatoes", "school", "dog", "meeting", "roast", "letter", "shower", "nap", "game"],
  ...["fish", "phone call", "guitar", "bus", "bath", "window", "candle", "medicine"],
];
