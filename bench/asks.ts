// What callers ask in the bench, the same for Causeway and for its peers.
import { callerId, incidentId } from './data/incidents.ts';

/** Ten fields, as an integration that knows what it wants asks for them. */
export const listFields =
  'sys_id,number,short_description,state,priority,category,caller_id,assigned_to,opened_at,sys_updated_on';

const filter = (caller: string): string => encodeURIComponent(`caller_id=${caller}`);

/** Each caller has a five-hundredth of the incidents. */
export const listPath = (n: number): string =>
  `/api/now/table/incident?sysparm_query=${filter(callerId(n))}&sysparm_limit=20&sysparm_fields=${listFields}`;

export const wholeListPath = (n: number): string =>
  `/api/now/table/incident?sysparm_query=${filter(callerId(n))}&sysparm_limit=20`;

export const readPath = (n: number): string => `/api/now/table/incident/${incidentId(n)}`;

/** Different rows, spread over the table. */
export const spread = <T>(count: number, incidents: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(Math.floor((at * 7919) % incidents)));

export const newIncident = (n: number): string =>
  JSON.stringify({
    short_description: `printer does not print, case ${n}`,
    description: 'Reported by telephone. It began this morning, and a restart did not help.',
    caller_id: callerId(n),
    category: 'hardware',
    impact: '2',
    urgency: '2',
  });
