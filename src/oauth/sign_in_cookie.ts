// The cookie that ties a sign-in to one browser. It says nothing about who the person is.
// Must not outlive the browser window and must not be readable by scripts.
import type { Ids } from '../kit/ids.ts';

export interface BrowserCookie {
  /** The secret of this browser; '' when it sent none that is well-formed. */
  read(header: string | string[] | undefined, isSecure: boolean): string;
  make(ids: Ids, isSecure: boolean): { secret: string; header: string };
}

// Behind https the prefix stops other hosts of the domain from planting one (RFC 6265bis §4.1.3.2).
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-causeway_sign_in' : 'causeway_sign_in');

export const browserCookie: BrowserCookie = {
  read(header, isSecure) {
    const text = Array.isArray(header) ? header.join('; ') : (header ?? '');
    const found = text
      .split(';')
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${nameOf(isSecure)}=`));
    const value = found?.slice(nameOf(isSecure).length + 1) ?? '';
    return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : '';
  },
  make(ids, isSecure) {
    const secret = ids.randomToken(32);
    // Lax: the browser comes here from the client's site, and two sign-ins in two tabs share the cookie.
    return { secret, header: `${nameOf(isSecure)}=${secret}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}` };
  },
};
