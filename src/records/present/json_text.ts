// Text as JSON. Most texts hold nothing to escape, and a test is cheaper than `JSON.stringify`.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that JSON escapes
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** What stands between the quotation marks. */
export const jsonInner = (text: string): string => (special.test(text) ? JSON.stringify(text).slice(1, -1) : text);

/** A JSON string. */
export const jsonText = (text: string): string => `"${jsonInner(text)}"`;
