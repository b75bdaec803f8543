/**
 * How questions begin, and what is to be repeated, in general English: what the recogniser's language model is taught beside the
 * commands. Pure.
 *
 * The open model was made of written news; people who talk to a robot ask. With these 13 % of the words of 120 fresh questions are
 * wrong instead of 17 %, and 51 % of the questions are read whole instead of 40 % (one author wrote both, so they are not independent).
 */
import { type ParsedGrammar, parseJsgf } from "./jsgf.ts";

/** One opening a line; they go on with anything. */
const OPENINGS = `
  say
  say (the|a|that|it|this|i|we|you|he|she|your|my|our|there|hello|good|happy)
  (please|just) say
  (can|could|would|will) you [please] say
  repeat after me
  how (do|can|could|should|would) (i|you|we|they|people|one)
  how (do|can) (i|you|we|they) (make|get|keep|find|know|say|use|learn|start|stop|clean|cook|build|fix|grow|remove|choose|tell|write|play|open|change|become|help|teach|turn|take|put|feel|go|buy|plan|measure|wash|save|draw|store|deal|prepare)
  how (do|are|can) (the|most|some|my|your|other|animals|plants|children|people|birds|fish|cars|planes|they)
  how (does|did|is|was|will) (a|an|the|it|this|that|my|your|he|she)
  how (does|did) (it|this|that) (work|feel|happen|taste|start|end)
  how (do|does) (a|the)
  how (long|far|old|big|tall|high|deep|fast|hot|cold|heavy|often|much|many) (is|are|does|do|did|was|were|can|should|will)
  how (many|much) (people|days|hours|years|miles|countries|states|kinds|different|of|time|water|money|does|do|should|is|are)
  how (many|much) (people|days|hours|years|countries) (are|live|do|does|is|were) (there|in|i|you)
  how long does it take to
  how long (do|does|can|will) (a|the|it|they|people)
  how is it (possible|made|that|to)
  how come
  why (do|does|did|is|are|was|were|can|could|should|would|have|has|am|will)
  why (do|did|should|can|have) (i|we|you|they|people|some|most|so|the|my|our|many|animals|cats|dogs|birds|children)
  why (does|is|was|did|has) (a|an|the|it|my|he|she|this|that|there|everything|everyone|your)
  why (is|was) (it|the) (so|that|not|always)
  why (are|were) (there|we|you|they|some|the|so|people|most|my|these)
  why (do|does|did) not
  what (is|are|was|were|do|does|did|can|could|should|would|will|happens|happened|makes|made|kind|kinds|color|language|else|if|about)
  what is (the|a|an|your|my|it|this|that|so|there|one|inside|going|happening|wrong)
  what is the (best|difference|name|capital|meaning|most|oldest|largest|biggest|longest|highest|fastest|smallest|first|last|main|purpose|story|history|right|size|population|weather|price|reason|point|secret|easiest|cheapest|safest|hardest|tallest|deepest|strongest|hottest|coldest|largest|national|opposite|cause|world)
  what is the (best|right|easiest|fastest|cheapest) (way|time|place|thing) (to|of|for)
  what is the (best|right|easiest|fastest|cheapest) way to
  what is the difference between (a|an|the)
  what is the (name|capital|meaning|size|price|purpose|history|story|population) of (the|a|an)
  what is the most (popular|important|beautiful|expensive|famous|common|dangerous|useful|interesting)
  what is (a|an) (good|healthy|nice|great|easy|simple|famous|typical|fair)
  what are (the|some|you|your|we|they|these|those)
  what (do|did|can|should|would|could|will) (i|you|we|they|people|the|most|animals|babies|dogs|cats|some|a)
  what (do|can|should) (i|you|we|they|people) (do|eat|see|say|use|need|give|make|call|think|want|know|get|find|cook|wear|have|like)
  what (does|did|was|will) (a|an|the|it|he|she|this|that|your|my)
  what (happens|would happen|will happen) (if|when|to|in|at|after) (the|we|i|you|a|it|all)
  what (kind|kinds|sort|type) of
  what makes (a|the|some|people|it|you|us|something)
  what should (i|we|you|one|every)
  who (is|was|are|were|invented|wrote|painted|discovered|built|made|won|sang|did|does|can|should|has)
  who (is|was) (the|your|a|that|this)
  who (invented|discovered|wrote|painted|built|made) (the|a|this|that)
  when (is|was|did|do|does|should|will|are|were|can)
  when (did|do|does|will|should) (the|i|we|you|people|it|a|they)
  where (is|are|do|does|did|can|was|were|should)
  where (do|can|did|should) (i|we|you|they|people|the|most)
  where (does|is|was|did) (the|a|my|it|all)
  which (is|are|one|animal|country|city|planet|came)
  (can|could|would|will) you (tell|explain|describe|help|give|show|read|teach|recommend|name|think)
  (can|could|would|will) you (tell|give|show|teach) me (about|how|why|what|a|the|something)
  (can|could|would|will) you (explain|describe) (how|why|what|to|the|me)
  (can|could) (i|we|a|an|the|dogs|cats|people|animals|plants|fish|birds)
  (is|was) (it|there|the|a|that|this) (true|possible|safe|good|bad|hard|easy|better|a|any|really|too|okay|healthy|dangerous|going)
  is it (true|possible|safe|good|bad|hard|easy|better|okay|healthy|dangerous) (that|to|for)
  (are|were) (there|you|we|they|the|all|most|some|people|dogs|cats)
  (do|did|would|have) (you|we|they|i|people|all|most|animals|dogs|cats|fish|plants|birds)
  do you (think|know|like|have|believe|remember|want|ever|need|understand)
  (does|did|has) (the|a|it|anyone|every|my|this)
  tell me (about|a|how|why|what|the|something|more)
  tell me (a story|a joke|something about|more about)
  i (want|need|would like|have|am|think|feel|wonder) (to|a|the|that|how|why)
  should (i|we|you|people|children)
`;

/** As a grammar: every line is as likely as any other. */
export const QUESTION_OPENINGS: ParsedGrammar = parseJsgf(
  `#JSGF V1.0; public <opening> = ${OPENINGS.trim().split("\n").join(" | ")};`,
);
