// How the records of a connection are called: the original's words, with the connection's number in each. Pure.

/** A person who looks for the records of a connection searches by its number. */
export const integrationUserName = (connectionId: string): string => `sb_user.${connectionId}`;

/** They call us: type OAuth Client. */
export const inboundClientName = (connectionId: string): string => `Service Bridge Client ${connectionId}`;

/** We call them: type OAuth Provider. */
export const outboundCredentialName = (connectionId: string): string => `Service Bridge Provider ${connectionId}`;

export const remoteSystemName = (connectionId: string): string => `Service Exchange ${connectionId}`;

/** Origin of a peer's address, as it is compared: one spelling. undefined where it is no address of an instance. */
export const readPeerUrl = (text: string): string | undefined => {
  const url = URL.parse(text.trim());
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search || url.hash)
    return undefined;
  return url.pathname === '/' ? url.origin : undefined;
};

export const readChannel = (text: string): string | undefined => (/^[A-Za-z0-9_-]{1,40}$/.test(text) ? text : undefined);
