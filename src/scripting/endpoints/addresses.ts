// How the addresses of scripted REST APIs are put together from their rows: `/api/<namespace>[/<version>]/<service>/<path>`. Pure.
import { tidyPath } from './path.ts';

// Codes of companies are numbers more often than names.
const namespacePattern = /^[a-z0-9](?:[a-z0-9_]{0,78}[a-z0-9])?$/;
const servicePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/;
export const versionPattern = /^v[1-9]\d{0,5}$/;

export const isNamespace = (text: string): boolean =>
  namespacePattern.test(text) && !text.includes('__') && !versionPattern.test(text);

/** What looks like a version would be taken for one. */
export const isServiceId = (text: string): boolean => servicePattern.test(text) && !versionPattern.test(text);

export const baseUri = (namespace: string, serviceId: string): string => `/api/${namespace}/${serviceId}`;

export const operationUri = (
  { namespace, serviceId, version }: { namespace: string; serviceId: string; version: string },
  path: string,
): string => {
  const tidy = tidyPath(path);
  return `/api/${namespace}${version === '' ? '' : `/${version}`}/${serviceId}${tidy === '/' ? '' : tidy}`;
};
