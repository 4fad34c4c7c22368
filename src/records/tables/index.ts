// The list of built-in tables, parents before children. A table is one file and one line here.
import type { TableDefinition } from '../definition.ts';
import { almAsset, almLicense, astContract } from './alm_asset.ts';
import { sysApiAccessPolicy } from './auth_api_access_policy.ts';
import { sysApiAccessScope } from './auth_api_access_scope.ts';
import { apiKey } from './auth_api_key.ts';
import { inboundAuthProfile } from './auth_inbound_profile.ts';
import { authPolicyMapping } from './auth_policy_mapping.ts';
import { sysAuthProfileMapping } from './auth_profile_mapping.ts';
import { sysAuthScope } from './auth_scope.ts';
import { oauthEntityAuthScopeMapping } from './auth_scope_mapping.ts';
import { stdHttpAuth } from './auth_std_http_auth.ts';
import { basicAuthException } from './basic_auth_exception.ts';
import { causewayAuthChange } from './causeway_auth_change.ts';
import { causewayIncarnation } from './causeway_incarnation.ts';
import { causewayLegacyCredential } from './causeway_legacy_credential.ts';
import { causewayRefusal } from './causeway_refusal.ts';
import { changeRequest, changeTask } from './change_request.ts';
import { cmdb, cmdbCi } from './cmdb_ci.ts';
import {
  cmdbCiComputer,
  cmdbCiEsxServer,
  cmdbCiHardware,
  cmdbCiLinuxServer,
  cmdbCiServer,
  cmdbCiService,
  cmdbCiWinServer,
} from './cmdb_ci_hardware.ts';
import { cmdbModel, cmdbModelCategory } from './cmdb_model.ts';
import { cmdbRelCi, cmdbRelType } from './cmdb_rel_ci.ts';
import { cmnDepartment } from './cmn_department.ts';
import { cmnLocation } from './cmn_location.ts';
import { coreCompany } from './core_company.ts';
import { ihSyncRemoteSystem } from './ih_sync_remote_system.ts';
import { importLog } from './import_log.ts';
import { incident } from './incident.ts';
import { interaction } from './interaction.ts';
import { kbKnowledge } from './kb_knowledge.ts';
import { oauthAuthorizationCode } from './oauth_authorization_code.ts';
import { oauthCredential } from './oauth_credential.ts';
import { oauthEntity } from './oauth_entity.ts';
import { oauthEntityProfile } from './oauth_entity_profile.ts';
import { oauthEntityProfileScope } from './oauth_entity_profile_scope.ts';
import { oauthEntityScope } from './oauth_entity_scope.ts';
import { oauthJti } from './oauth_jti.ts';
import { oauthJwt } from './oauth_jwt.ts';
import { oauthJwtClaims } from './oauth_jwt_claims.ts';
import { jwtKeystoreAliases } from './oauth_jwt_keystore_aliases.ts';
import { jwtVerifierMap } from './oauth_jwt_verifier_map.ts';
import { oauthOidcEntity } from './oauth_oidc_entity.ts';
import { oauthRetiredSecret } from './oauth_retired_secret.ts';
import { sysCertificate } from './oauth_sys_certificate.ts';
import { oidcClaimValidation } from './oidc_claim_validation.ts';
import { oidcProviderConfiguration } from './oidc_provider_configuration.ts';
import { problem, problemTask } from './problem.ts';
import { itemOptionNew, question, questionChoice } from './question.ts';
import { scCatItemProducer } from './sc_cat_item_producer.ts';
import { scCatalog, scCategory } from './sc_catalog.ts';
import { scItemOption, scItemOptionMtom } from './sc_item_option.ts';
import { scCatItem, scReqItem, scRequest, scTask } from './sc_request.ts';
import { sharedTaskTables } from './shared_tasks.ts';
import { shippedImportTables } from './shipped_imports.ts';
import { snCustomerserviceCase } from './sn_customerservice_case.ts';
import { snSbConProviderConnection } from './sn_sb_con_provider_connection.ts';
import { snSbConnection } from './sn_sb_connection.ts';
import { snSbError } from './sn_sb_error.ts';
import { snSbKnownErrorCode } from './sn_sb_known_error_code.ts';
import { snSbOnboarding } from './sn_sb_onboarding.ts';
import { snSbProConsumerConnection } from './sn_sb_pro_consumer_connection.ts';
import { snSbProRegistration } from './sn_sb_pro_registration.ts';
import { snSbRpsConnection } from './sn_sb_rps_connection.ts';
import {
  snSbConServiceBridgeSettings,
  snSbProServiceBridgeSettings,
  snSbServiceBridgeSettings,
} from './sn_sb_service_bridge_settings.ts';
import { snTransportAttempt } from './sn_transport_attempt.ts';
import { snTransportAudit } from './sn_transport_audit.ts';
import { snTransportLane } from './sn_transport_lane.ts';
import { snTransportProfile } from './sn_transport_profile.ts';
import { snTransportQueue } from './sn_transport_queue.ts';
import { sysAttachment } from './sys_attachment.ts';
import { sysAttachmentAttribute } from './sys_attachment_attribute.ts';
import { sysAudit } from './sys_audit.ts';
import { sysChoice } from './sys_choice.ts';
import { sysCorsRule } from './sys_cors_rule.ts';
import { sysDataSource } from './sys_data_source.ts';
import { sysDbObject } from './sys_db_object.ts';
import { sysDictionary } from './sys_dictionary.ts';
import { sysDictionaryOverride } from './sys_dictionary_override.ts';
import { sysDocumentation } from './sys_documentation.ts';
import { sysGlideObject } from './sys_glide_object.ts';
import { sysGroupHasRole } from './sys_group_has_role.ts';
import { sysImportJob } from './sys_import_job.ts';
import { sysImportSet } from './sys_import_set.ts';
import { sysImportSetRow } from './sys_import_set_row.ts';
import { sysImportSetRowError } from './sys_import_set_row_error.ts';
import { sysImportSetRun } from './sys_import_set_run.ts';
import { sysImportUpload } from './sys_import_upload.ts';
import { sysJournalField } from './sys_journal_field.ts';
import { sysMultiImportSet } from './sys_multi_import_set.ts';
import { sysNumber } from './sys_number.ts';
import { sysProperties } from './sys_properties.ts';
import { sysRateLimitRules } from './sys_rate_limit_rules.ts';
import { sysRestInsertMultiple } from './sys_rest_insert_multiple.ts';
import { sysScript } from './sys_script.ts';
import { sysScriptInclude } from './sys_script_include.ts';
import { sysSecurityAcl } from './sys_security_acl.ts';
import { sysSecurityAclRole } from './sys_security_acl_role.ts';
import { sysTinyUrl } from './sys_tiny_url.ts';
import { sysTransformEntry } from './sys_transform_entry.ts';
import { sysTransformMap } from './sys_transform_map.ts';
import { sysTransformScript } from './sys_transform_script.ts';
import { sysUiElement, sysUiList, sysUiListElement, sysUiSection, sysUiView } from './sys_ui_view.ts';
import { sysUser } from './sys_user.ts';
import { sysUserGrmember } from './sys_user_grmember.ts';
import { sysUserGroup } from './sys_user_group.ts';
import { sysUserHasRole } from './sys_user_has_role.ts';
import { sysUserRole } from './sys_user_role.ts';
import { sysUserRoleContains } from './sys_user_role_contains.ts';
import { sysWsDefinition } from './sys_ws_definition.ts';
import { sysWsHeader } from './sys_ws_header.ts';
import { sysWsOperation } from './sys_ws_operation.ts';
import { sysWsQueryParameter } from './sys_ws_query_parameter.ts';
import { sysWsVersion } from './sys_ws_version.ts';
import { syslogTransaction } from './syslog_transaction.ts';
import { task } from './task.ts';

export const builtInTables: readonly TableDefinition[] = [
  sysDbObject,
  sysDictionary,
  sysDictionaryOverride,
  sysChoice,
  sysDocumentation,
  sysGlideObject,
  sysNumber,
  sysUiView,
  sysUiList,
  sysUiListElement,
  sysUiSection,
  sysUiElement,
  sysProperties,
  sysScriptInclude,
  sysScript,
  sysWsDefinition,
  sysWsVersion,
  sysWsOperation,
  sysWsQueryParameter,
  sysWsHeader,
  sysSecurityAcl,
  sysSecurityAclRole,
  sysUser,
  sysUserGroup,
  sysUserGrmember,
  sysUserRole,
  sysUserRoleContains,
  sysUserHasRole,
  sysGroupHasRole,
  coreCompany,
  cmnDepartment,
  cmnLocation,
  cmdbModelCategory,
  cmdbModel,
  cmdb,
  cmdbCi,
  cmdbCiHardware,
  cmdbCiComputer,
  cmdbCiServer,
  cmdbCiLinuxServer,
  cmdbCiWinServer,
  cmdbCiEsxServer,
  cmdbCiService,
  cmdbRelType,
  cmdbRelCi,
  almAsset,
  almLicense,
  astContract,
  task,
  incident,
  problem,
  problemTask,
  changeRequest,
  changeTask,
  interaction,
  scCatalog,
  scCategory,
  scCatItem,
  scCatItemProducer,
  question,
  itemOptionNew,
  questionChoice,
  scRequest,
  scReqItem,
  scTask,
  scItemOption,
  scItemOptionMtom,
  kbKnowledge,
  sysJournalField,
  sysAttachment,
  sysAttachmentAttribute,
  sysTinyUrl,
  sysCorsRule,
  sysAudit,
  syslogTransaction,
  oauthEntity,
  oauthOidcEntity,
  oidcProviderConfiguration,
  oidcClaimValidation,
  oauthEntityScope,
  oauthEntityProfile,
  oauthJti,
  oauthEntityProfileScope,
  oauthJwt,
  oauthJwtClaims,
  jwtKeystoreAliases,
  jwtVerifierMap,
  sysCertificate,
  oauthCredential,
  oauthAuthorizationCode,
  oauthRetiredSecret,
  sysAuthScope,
  oauthEntityAuthScopeMapping,
  sysApiAccessScope,
  sysApiAccessPolicy,
  inboundAuthProfile,
  sysAuthProfileMapping,
  authPolicyMapping,
  stdHttpAuth,
  apiKey,
  basicAuthException,
  causewayRefusal,
  snTransportLane,
  snTransportQueue,
  snTransportProfile,
  snTransportAttempt,
  snTransportAudit,
  sysDataSource,
  sysTransformMap,
  sysTransformEntry,
  sysTransformScript,
  sysMultiImportSet,
  sysImportSet,
  sysImportSetRow,
  ...shippedImportTables,
  sysImportSetRun,
  sysImportSetRowError,
  sysImportJob,
  sysImportUpload,
  sysRateLimitRules,
  sysRestInsertMultiple,
  importLog,
  snSbConnection,
  snSbProConsumerConnection,
  snSbConProviderConnection,
  snSbProRegistration,
  snSbOnboarding,
  snSbServiceBridgeSettings,
  snSbProServiceBridgeSettings,
  snSbConServiceBridgeSettings,
  ihSyncRemoteSystem,
  snSbRpsConnection,
  snSbKnownErrorCode,
  snSbError,
  causewayLegacyCredential,
  causewayAuthChange,
  causewayIncarnation,
  snCustomerserviceCase,
  ...sharedTaskTables,
];
