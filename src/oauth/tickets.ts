// What travels through the browser between the pages of a sign-in: signed, short-lived, and worth nothing in another browser.
// That binding is the CSRF protection of both forms. Holds no secret: the browser may read it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import { sha256Hex } from '../kit/fingerprint.ts';

export interface AuthorizationAsked {
  clientId: string;
  redirectUri: string;
  wasRedirectSent: boolean;
  scope: string;
  isScopeNarrowed: boolean;
  state: string;
  challenge: string;
}

export type Ticket =
  | { stage: 'sign_in'; asked: AuthorizationAsked }
  | { stage: 'consent'; asked: AuthorizationAsked; userSysId: string; id: string };

export interface Tickets {
  /** `browser`: the secret in the browser's cookie. */
  seal(ticket: Ticket, browser: string): string;
  /** undefined when it was changed, is too old, is of another stage, or comes from another browser. */
  open<Stage extends Ticket['stage']>(text: string, stage: Stage, browser: string): Extract<Ticket, { stage: Stage }> | undefined;
}

const lifeMs = 600_000;

/** `key`: 32 bytes, derived for this purpose alone. */
export const makeTickets = ({ key, clock }: { key: Buffer; clock: Clock }): Tickets => {
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text, 'ascii').digest();
  return {
    seal(ticket, browser) {
      const body = Buffer.from(JSON.stringify({ ticket, browser: sha256Hex(browser), untilMs: clock.now() + lifeMs })).toString(
        'base64url',
      );
      return `${body}.${sign(body).toString('base64url')}`;
    },
    open(text, stage, browser) {
      const [body = '', signature = ''] = text.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(body);
      if (browser === '' || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const content = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as {
        ticket: Ticket;
        browser: string;
        untilMs: number;
      };
      const isOurs = content.browser === sha256Hex(browser) && content.untilMs > clock.now() && content.ticket.stage === stage;
      return isOurs ? (content.ticket as never) : undefined;
    },
  };
};
