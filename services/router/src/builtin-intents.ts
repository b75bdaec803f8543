/** The intents that every robot has. The templates' language is that of `template.ts`; tested on phrasings and traps. */
import { compileIntent, type Intent, type IntentSource } from "./intents.ts";

const NOW = "[now|right now|currently|at the moment|at this moment|just now|exactly|here|today|anyway|by the way]";
/** Ways to ask for something that is named next: "could you please tell me …". */
const GIVE_ME =
  "(([(can|could|would|will) you [please|kindly]] (tell|give|show) me)|(let me know)|((i want|i need|i would like) [to know|to hear|you to tell me])|((can|could|may) i (have|get|know))|((do|did|would) you [happen to] know)|check|read [me|out])";

const SOURCES = [
  {
    name: "time",
    templates: [
      `what [is] [the] [current] (time|hour) (is it|it is|do you have|do we have|have you got|have we got|is it getting to be|might it be|would it be) ${NOW}`,
      `what is ((the|your) [current|exact|local|right]|current) (time|hour) ${NOW}`,
      `(do you have|have you got|you got|got) the [current|exact|right] time ${NOW}`,
      `${GIVE_ME} (what time it is|what time is it|what the time is|what is the time|[the] [current|exact|local] time|how late it is) ${NOW}`,
      `[the] [current|exact|local] time [is it|check] ${NOW}`,
      `how late is it ${NOW}`,
    ],
  },
  {
    name: "date",
    templates: [
      `what is [the] [current|todays] (date|day) ${NOW}`,
      `(what|which) (date|day|weekday|month|year|day of the week|day of the month) (is it|is today|is this|do we have|have we got|it is) ${NOW}`,
      "what is today",
      `what is todays date`,
      `${GIVE_ME} ((what|which) (date|day|month|year|day of the week) (it is|is it|today is|is today)|[the] [current|todays] date|what the date is|what todays date is|what is todays date|what is the date|what day of the week it is) ${NOW}`,
      `[the|todays|current] date ${NOW}`,
    ],
  },
  {
    name: "identity",
    templates: [
      "(who|what) are you [called|exactly]",
      "what is your name",
      `${GIVE_ME} (your name|who you are|what you are|what your name is|what is your name|what you are called)`,
      "tell me (about yourself|something about yourself)",
      "do you have a name",
      "are you (a robot|a machine|a computer|an assistant|real|human|a human|tars)",
      "introduce yourself",
      "what (do i|should i|can i|do they|do people) call you",
    ],
  },
  {
    name: "greeting",
    templates: [
      "(hello|hi|hey|howdy|hiya|greetings|hey hey|hi hi|yo) [there|again|everyone|everybody|robot|tars|computer|buddy|friend|my friend]",
      "good (morning|afternoon|evening|day) [to you] [everyone|everybody|robot|tars|computer]",
      "(hello|hi|hey) good (morning|afternoon|evening|day)",
      "say (hello|hi|good morning) to me",
    ],
  },
  {
    name: "say",
    templates: ["[(can|could|would|will) you [please]] [just] say {text}", "repeat after me {text}"],
    unless: [
      "[(can|could|would|will) you [please]] [just] say (it [again|louder|slowly]|that|this|so|yes or no|again|when|more|less|something|anything|nothing|everything|what)",
      "[(can|could|would|will) you [please]] [just] say (it in|it to|it with|it like|that|this|so|what|something|anything|more|again|no more|a few words|a word|which|why|who|how|whether|if|where) {text}",
    ],
  },
] as const satisfies readonly IntentSource[];

/** The names `answerTo` must know. */
export type BuiltinIntentName = (typeof SOURCES)[number]["name"];

/** In the order of preference. */
export const BUILTIN_INTENTS: readonly Intent[] = SOURCES.map(compileIntent);
