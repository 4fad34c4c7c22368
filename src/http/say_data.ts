// Plain data as the body of an answer, in JSON or as the XML twin of it: for the small APIs whose answers are no rows.
// It must not know what the data means.
import { xmlText } from '../records/present/xml.ts';
import { isXml, type MediaType } from './negotiate.ts';

export type Data = string | number | boolean | null | readonly Data[] | { readonly [name: string]: Data | undefined };

const elementName = /^[A-Za-z_][\w.-]*$/;

/** One element for each entry of a list; names that XML cannot hold stand in an attribute. */
const writeElement = (name: string, data: Data | undefined): string => {
  if (data === undefined) return '';
  if (Array.isArray(data)) return data.map((each: Data) => writeElement(name, each)).join('');
  const [open, close] = elementName.test(name) ? [name, name] : [`entry name="${xmlText(name)}"`, 'entry'];
  const inner =
    data !== null && typeof data === 'object'
      ? Object.entries(data)
          .map(([each, value]) => writeElement(each, value))
          .join('')
      : xmlText(String(data ?? ''));
  return inner === '' ? `<${open}/>` : `<${open}>${inner}</${close}>`;
};

/** The object itself, or `<response>` around an element for each of its entries: for the APIs that know no envelope. */
export const sayBare = (accept: MediaType, data: { readonly [name: string]: Data | undefined }): string => {
  if (!isXml(accept)) return JSON.stringify(data);
  const elements = Object.entries(data).map(([name, each]) => writeElement(name, each));
  return `<?xml version="1.0" encoding="UTF-8"?><response>${elements.join('')}</response>`;
};

/** `{"result": …}`, or `<response><result>…</result></response>`. */
export const sayData = (accept: MediaType, result: Data): string => sayBare(accept, { result });
