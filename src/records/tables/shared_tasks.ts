// Tables of what is shared with other organisations: definitions, items of the catalogue, remote and provider tasks, and what they are kept by.
import type { TableDefinition } from '../definition.ts';
import { ihSyncCorrelation } from './ih_sync_correlation.ts';
import { snSbConEntitlement, snSbEntitlement, snSbProEntitlement } from './sn_sb_entitlement.ts';
import { snSbFieldVersion } from './sn_sb_field_version.ts';
import { snSbConProviderTask, snSbProProviderTask, snSbProviderTask } from './sn_sb_provider_task.ts';
import { snSbRelease } from './sn_sb_release.ts';
import {
  snSbConRemoteRecordProducer,
  snSbProRemoteRecordProducer,
  snSbRemoteRecordProducer,
} from './sn_sb_remote_record_producer.ts';
import { snSbConRemoteTask, snSbProRemoteTask, snSbRemoteTask } from './sn_sb_remote_task.ts';
import { snSbConRemoteTaskDef, snSbProRemoteTaskDef, snSbRemoteTaskDef } from './sn_sb_remote_task_def.ts';
import {
  snSbConRemoteTaskDefInboundField,
  snSbConRemoteTaskDefOutboundField,
  snSbProRemoteTaskDefInboundField,
  snSbProRemoteTaskDefOutboundField,
  snSbRemoteTaskDefField,
} from './sn_sb_remote_task_def_field.ts';
import { snSbConTransform, snSbProTransform, snSbTransform, snSbTransformLine } from './sn_sb_transform.ts';

export const sharedTaskTables: readonly TableDefinition[] = [
  snSbRemoteTaskDef,
  snSbProRemoteTaskDef,
  snSbConRemoteTaskDef,
  snSbRemoteTaskDefField,
  snSbProRemoteTaskDefInboundField,
  snSbProRemoteTaskDefOutboundField,
  snSbConRemoteTaskDefInboundField,
  snSbConRemoteTaskDefOutboundField,
  snSbRemoteTask,
  snSbProRemoteTask,
  snSbConRemoteTask,
  snSbRemoteRecordProducer,
  snSbProRemoteRecordProducer,
  snSbConRemoteRecordProducer,
  snSbProviderTask,
  snSbProProviderTask,
  snSbConProviderTask,
  ihSyncCorrelation,
  snSbFieldVersion,
  snSbTransform,
  snSbProTransform,
  snSbConTransform,
  snSbTransformLine,
  snSbRelease,
  snSbEntitlement,
  snSbProEntitlement,
  snSbConEntitlement,
];
