// The failures of the record layer, in the words that clients of the platform match (data_api.md §1.5). One function per literal.
import { Fault } from '../kit/fault.ts';

export const invalidTable = (name: string): Fault =>
  new Fault('bad_request', 'records.invalid_table', `Invalid table ${name.slice(0, 200).toWellFormed()}`);

/** Missing and hidden look the same. */
export const notFound = (detail?: string): Fault =>
  new Fault('not_found', 'records.not_found', 'No Record found', {
    explanation: "Record doesn't exist or ACL restricts the record retrieval",
    detail,
  });

export const closedToWebServices = (table: string): Fault =>
  new Fault('forbidden', 'records.closed_to_web_services', 'User Not Authorized', {
    explanation: 'Failed API level ACL Validation',
    detail: `table ${table} does not allow access via web services`,
  });

export const mayNotReadTable = (table: string): Fault =>
  new Fault('forbidden', 'records.table_not_readable', 'Insufficient rights to query records', {
    explanation: `No permission to read table '${table}'`,
  });

export const mayNotAsk = (fields: readonly string[]): Fault =>
  new Fault('forbidden', 'records.field_not_readable', 'Insufficient rights to query records', {
    explanation: 'Field(s) present in the query do not have permission to be read',
    detail: `fields: ${fields.join(', ').slice(0, 500)}`,
  });

const words = { insert: 'Insert', update: 'Update', delete: 'Delete' } as const;

export const writeRefused = (operation: keyof typeof words, detail: string): Fault =>
  new Fault('forbidden', `records.${operation}_refused`, 'Operation Failed', {
    explanation: `ACL Exception ${words[operation]} Failed due to security constraints`,
    detail,
  });

export const mandatoryMissing = (labels: readonly string[]): Fault =>
  new Fault('forbidden', 'records.mandatory_missing', 'Operation Failed', {
    explanation: `Data Policy Exception: The following fields are mandatory: ${labels.join(', ')}`,
  });

export const duplicateKey = (table: string): Fault =>
  new Fault('forbidden', 'records.duplicate', 'Operation Failed', {
    explanation: 'Unique Key violation detected by database',
    detail: `table ${table}`,
  });

export const stillReferred = (label: string): Fault =>
  new Fault('forbidden', 'records.still_referred', 'Operation Failed', {
    explanation: `Records of ${label} refer to it and forbid that it is removed`,
  });

export const tooManyReferrers = (label: string, limit: number): Fault =>
  new Fault('forbidden', 'records.too_many_referrers', 'Operation Failed', {
    explanation: `More than ${limit} records refer to it, among them records of ${label}: make them refer to something else first`,
  });

export const valueTooLong = (label: string, maxLength: number): Fault =>
  new Fault('bad_request', 'records.value_too_long', 'Value is too long', {
    explanation: `${label} holds at most ${maxLength} characters`,
  });

export const valueRefused = (label: string, explanation: string): Fault =>
  new Fault('bad_request', 'records.value_refused', `Invalid value for ${label}`, { explanation });
