// The attributes of a field, as its dictionary row lists them: `no_truncate=true,other`.

/** Most fields have none, and share it: a dictionary has thousands of fields. */
const none: ReadonlyMap<string, string> = new Map();

/** A name without a value is `true`. */
export const readAttributes = (text: string): ReadonlyMap<string, string> => {
  if (text === '') return none;
  return new Map(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => {
        const at = part.indexOf('=');
        return at < 0 ? [part, 'true'] : [part.slice(0, at), part.slice(at + 1)];
      }),
  );
};
