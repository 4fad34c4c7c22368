// Every API there is: one folder, one line.
import type { Api } from './api.ts';
import { type AttachmentParts, makeAttachmentApi } from './attachment/attachment_api.ts';
import { makeCausewayApi } from './causeway/causeway_api.ts';
import type { InspectParts } from './causeway/inspect_token.ts';
import { type ManageParts, makeManageApi } from './oauth/manage_api.ts';
import { makeStatsApi, type StatsParts } from './stats/stats_api.ts';
import { makeTableApi, type TableParts } from './table/table_api.ts';

export const makeApis = (parts: TableParts & StatsParts & AttachmentParts & InspectParts & ManageParts): readonly Api[] => [
  makeTableApi(parts),
  makeStatsApi(parts),
  makeAttachmentApi(parts),
  makeCausewayApi(parts),
  makeManageApi(parts),
];
