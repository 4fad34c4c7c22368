// Recognises what a template or a guide left to be filled in (auth.md §12, pain 26).
// Must not judge anything else about a value.

const patterns: readonly RegExp[] = [
  /[<>{}[\]]/,
  /\b(your|my)[-_. ]?(adfs|tenant|org|domain|company|client|instance|app|provider|idp|okta|auth0|server|host)/i,
  /replace[-_ ](with|me|this)/i,
  /placeholder|change[-_ ]?me|^x{3,}$|\.\.\./i,
];

export const isPlaceholder = (text: string): boolean => patterns.some((pattern) => pattern.test(text));
