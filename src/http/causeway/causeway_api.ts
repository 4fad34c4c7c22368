// What this product adds beside the compatible APIs, under a namespace of its own.
import type { Api } from '../api.ts';
import { type InspectParts, inspectToken } from './inspect_token.ts';

export const makeCausewayApi = (parts: InspectParts): Api => ({
  name: 'causeway/token',
  base: '/api/causeway',
  versions: [''],
  operations: [{ method: 'POST', path: '/token/inspect', produces: ['application/json'], handle: inspectToken(parts) }],
});
