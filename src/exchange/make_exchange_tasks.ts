// Tasks and records shared with other organisations, put together: rules that send, appliers that take, a settler that tells. Read this first.
import type { Deliverer } from '../catalog/order_item.ts';
import type { Rule } from '../records/records.ts';
import { makeGiveBackFiles } from './attachment/give_back_files.ts';
import { makeFileRule, makeSendFile } from './attachment/send_files.ts';
import { makeFileApplier } from './attachment/take_files.ts';
import { makeConsumerRules } from './definition/consumer_changes.ts';
import { definitionKind } from './definition/definition_kind.ts';
import type { OfferedKind } from './definition/offered_kind.ts';
import { makePublishRules } from './definition/publish.ts';
import { makeConfigApplier, makeOfferRules } from './definition/take_offer.ts';
import { makeItemDeliverer } from './item/deliver_item.ts';
import { itemKind } from './item/item_kind.ts';
import { makeGiveBack } from './journal/give_back.ts';
import { makeJournalApplier, makeSendJournals } from './journal/journals.ts';
import { makeOrderChecks } from './provider_task/order_checks.ts';
import { makeOrderRules } from './provider_task/order_rules.ts';
import { makeProactiveRule } from './provider_task/proactive_rule.ts';
import { makeShareFiles } from './provider_task/share_files.ts';
import { makeRecordApplier } from './remote_task/apply_record.ts';
import { makeSayAgain, makeTellLoss } from './remote_task/say_again.ts';
import { makeSendChanges } from './remote_task/send_changes.ts';
import { makeOutcomeSettler } from './remote_task/show_outcome.ts';
import { makeTaskChecks } from './remote_task/task_checks.ts';
import { makeTaskRules } from './remote_task/task_rules.ts';
import { makeTriggerRules } from './remote_task/trigger_rules.ts';
import type { Applier, Settler } from './seams.ts';
import type { TasksParts } from './tasks_parts.ts';
import { makeTransformChecks } from './transform/transform_checks.ts';

const offeredKinds: readonly OfferedKind[] = [definitionKind, itemKind];

export interface ExchangeTasks {
  /** To be added to the rules of records. */
  readonly rules: readonly Rule[];
  /** For the transport. */
  readonly appliers: readonly Applier[];
  readonly settlers: readonly Settler[];
  /** For the catalogue. */
  readonly deliverers: readonly Deliverer[];
  /** For lanes of which one side has lost something. */
  readonly sayAgain: ReturnType<typeof makeSayAgain>;
  readonly tellLoss: ReturnType<typeof makeTellLoss>;
}

export const makeExchangeTasks = (parts: TasksParts): ExchangeTasks => {
  const sendChanges = makeSendChanges(parts);
  const sendJournals = makeSendJournals(parts);
  const sendFile = makeSendFile(parts);
  return {
    rules: [
      ...offeredKinds.flatMap((kind) => [...makePublishRules(parts, kind), ...makeOfferRules(parts, kind)]),
      ...makeConsumerRules(parts),
      makeTransformChecks(parts),
      makeTaskChecks(parts),
      makeOrderChecks(parts),
      makeFileRule(parts, sendFile),
      ...makeTaskRules(parts, { sendChanges, sendJournals, sendFile }),
      ...makeOrderRules(parts, { sendChanges, sendJournals, sendFile }),
      makeProactiveRule(parts),
      makeShareFiles(parts),
      ...makeTriggerRules(parts),
    ],
    appliers: [
      makeRecordApplier(parts, sendChanges),
      makeJournalApplier(parts),
      makeConfigApplier(parts, offeredKinds),
      makeFileApplier(parts),
    ],
    settlers: [makeOutcomeSettler(parts)],
    deliverers: [makeItemDeliverer(parts)],
    sayAgain: makeSayAgain(parts, {
      sendChanges,
      giveBack: makeGiveBack(parts),
      giveBackFiles: makeGiveBackFiles(parts, sendFile),
    }),
    tellLoss: makeTellLoss(parts),
  };
};
