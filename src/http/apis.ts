// Every API there is: one folder, one line.
import type { Api } from './api.ts';
import { makeCausewayApi } from './causeway/causeway_api.ts';
import type { InspectParts } from './causeway/inspect_token.ts';
import { makeTableApi, type TableParts } from './table/table_api.ts';

export const makeApis = (parts: TableParts & InspectParts): readonly Api[] => [makeTableApi(parts), makeCausewayApi(parts)];
