// Every API there is: one folder, one line.
import type { Api } from './api.ts';
import { type AttachmentParts, makeAttachmentApi } from './attachment/attachment_api.ts';
import { type BatchParts, makeBatchApi } from './batch/batch_api.ts';
import { makeCausewayApi } from './causeway/causeway_api.ts';
import type { InspectParts } from './causeway/inspect_token.ts';
import { type CmdbParts, makeCmdbApi } from './cmdb/cmdb_api.ts';
import { type DocumentationParts, makeDocumentationApi } from './documentation/documentation_api.ts';
import { type ExchangeApiParts, makeExchangeApis } from './exchange/exchange_apis.ts';
import { type ImportParts, makeImportSetApi } from './import_set/import_set_api.ts';
import { makeImportJobsApi } from './import_set/jobs_api.ts';
import { makeUploadFormApi } from './import_set/upload_form.ts';
import { type MetadataParts, makeMetadataApi } from './metadata/metadata_api.ts';
import { type ManageParts, makeManageApi } from './oauth/manage_api.ts';
import type { ProcessorParts } from './processors/json_v2.ts';
import { makeProcessorsApi } from './processors/processors_api.ts';
import { makeServiceCatalogApi, type ServiceCatalogParts } from './service_catalog/service_catalog_api.ts';
import { makeStatsApi, type StatsParts } from './stats/stats_api.ts';
import { makeTableApi, type TableParts } from './table/table_api.ts';
import { makeTinyUrlApi, type TinyUrlParts } from './tiny_url/tiny_url_api.ts';

export const makeApis = (
  parts: TableParts &
    StatsParts &
    AttachmentParts &
    BatchParts &
    DocumentationParts &
    MetadataParts &
    TinyUrlParts &
    ProcessorParts &
    CmdbParts &
    InspectParts &
    ManageParts &
    ImportParts &
    ServiceCatalogParts &
    ExchangeApiParts,
): readonly Api[] => {
  const apis: Api[] = [
    makeTableApi(parts),
    makeStatsApi(parts),
    makeAttachmentApi(parts),
    makeBatchApi(parts),
    makeMetadataApi(parts),
    makeTinyUrlApi(parts),
    makeCmdbApi(parts),
    makeProcessorsApi(parts),
    makeImportSetApi(parts),
    makeImportJobsApi(parts),
    makeUploadFormApi(parts),
    makeCausewayApi(parts),
    makeManageApi(parts),
    makeServiceCatalogApi(parts),
    ...makeExchangeApis(parts),
    makeDocumentationApi(() => apis, parts),
  ];
  return apis;
};
