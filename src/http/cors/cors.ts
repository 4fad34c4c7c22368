// What pages of other origins may do, decided from sys_cors_rule (data_api.md §1.6).
// It must not let a rule for one origin answer another, nor name an origin that no rule names.
import type { Records, Row } from '../../records/records.ts';

export interface Cors {
  /** Headers for a page of that origin; undefined: no rule lets it in. `method` is what it does, or asks to do. */
  allow(request: {
    origin: string;
    api: string;
    method: string;
    isPreflight: boolean;
  }): Promise<Record<string, string> | undefined>;
}

const verbs = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const mostRules = 1000;

/** `https://app.example.com`, or one wildcard at the start of the host: `https://*.example.com`, `*.example.com`. */
const matches = (domain: string, origin: string): boolean => {
  const [wanted, given] = [domain.trim().toLowerCase(), origin.toLowerCase()];
  if (!wanted.includes('*')) return wanted === given;
  const [, scheme = '', rest = ''] = /^(https?:\/\/)?\*(\.[a-z0-9.-]+(?::\d+)?)$/.exec(wanted) ?? [];
  return rest !== '' && given.startsWith(scheme) && given.endsWith(rest) && /^https?:\/\/[a-z0-9.-]+(?::\d+)?$/.test(given);
};

const verbsOf = (rule: Row): string[] => verbs.filter((verb) => rule[`allow_${verb.toLowerCase()}`] === 'true');

const listOf = (text: string | undefined): string =>
  (text ?? '')
    .split(/[\s,]+/)
    .filter((name) => /^[\w-]+$/.test(name))
    .join(', ');

export const makeCors = ({ records }: { records: Records }): Cors => ({
  async allow({ origin, api, method, isPreflight }) {
    const rules = await records.findBy('sys_cors_rule', { active: 'true' }, { limit: mostRules });
    const verb = method === 'HEAD' ? 'GET' : method;
    const rule = rules.find(
      (each) =>
        (each.rest_api === '' || each.rest_api === api) && matches(each.domain ?? '', origin) && verbsOf(each).includes(verb),
    );
    if (!rule) return undefined;
    const headers: Record<string, string> = { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
    if (rule.allow_credentials === 'true') headers['Access-Control-Allow-Credentials'] = 'true';
    if (isPreflight) {
      headers['Access-Control-Allow-Methods'] = verbsOf(rule).join(', ');
      const allowed = listOf(rule.allowed_headers);
      if (allowed !== '') headers['Access-Control-Allow-Headers'] = allowed;
      headers['Access-Control-Max-Age'] = rule.max_age || '0';
    } else {
      const exposed = listOf(rule.exposed_headers);
      if (exposed !== '') headers['Access-Control-Expose-Headers'] = exposed;
    }
    return headers;
  },
});
