export type { DataRecord } from "./data-record.ts";
export { emptySurvey, type IndexSurvey, meaningOf, surveyAnswer } from "./mapping/answer-letter.ts";
export {
  conversationColumn,
  type Draft,
  draftsOfConversation,
  type TurnChoice,
  turnChoices,
} from "./mapping/conversations.ts";
export { mappingOfColumns } from "./mapping/known-columns.ts";
export { type MadeRecord, type MakeRecordOptions, makeRecord } from "./mapping/make-record.ts";
export {
  type AnswerKind,
  answerKinds,
  type FieldSource,
  type Mapping,
  MappingFault,
  mappedFields,
  type Row,
} from "./mapping/mapping.ts";
export { readOptions } from "./mapping/options.ts";
export { mappingPresets } from "./mapping/presets.ts";
export {
  type ConversationShape,
  conversationOf,
  conversationShapes,
  isOwnConversation,
  recordOfConversation,
} from "./mapping/record-conversation.ts";
export { recordOfExample } from "./mapping/record-of-example.ts";
