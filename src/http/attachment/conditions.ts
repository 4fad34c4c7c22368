// If-Match and If-None-Match (RFC 9110, 13.1): whether a file is to be sent at all, by the tag it has now.
// It must not read anything. There are no conditions by date: a file's hash says more.

type Judged = 'wanted' | 'known' | 'another';

type Header = string | string[] | undefined;

/** `isWeak`: tags that only claim to be as good (`W/"…"`) count as well. */
const names = (header: Header, tag: string, isWeak: boolean): boolean =>
  String(header)
    .split(',')
    .map((one) => (isWeak ? one.trim().replace(/^W\//, '') : one.trim()))
    .some((one) => one === '*' || one === tag);

export const judgeConditions = (headers: Readonly<Record<string, Header>>, tag: string): Judged => {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  if (match !== undefined && !names(match, tag, false)) return 'another';
  return noneMatch !== undefined && names(noneMatch, tag, true) ? 'known' : 'wanted';
};
