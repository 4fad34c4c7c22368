// A selection as the body of an answer, in the form and with the addresses the caller asked for.
// It must not choose columns or rows: records/ has decided what may be seen.
import type { Dictionary } from '../../records/dictionary.ts';
import { makeJsonPresenter, type PresentOptions } from '../../records/present/json.ts';
import { noNames, type ShownNames } from '../../records/present/names.ts';
import { xmlList, xmlOne } from '../../records/present/xml.ts';
import type { Selection } from '../../records/records.ts';
import type { Asked } from '../api.ts';
import { isXml } from '../negotiate.ts';
import { readOptions } from './read_options.ts';
import { apiAddress } from './table_address.ts';

export interface Say {
  many(asked: Asked, selection: Selection): Promise<string>;
  one(asked: Asked, selection: Selection): Promise<string>;
  /** What a write answers: the stored record, or nothing when the caller wants no body. */
  written(asked: Asked, selection: Selection): Promise<string | undefined>;
}

export interface SayParts {
  dictionary: () => Dictionary;
  /** Names behind lists of references, and journal texts; asked only where display values are shown. */
  namesFor: (asked: Pick<Asked, 'caller'>, selection: Selection) => Promise<ShownNames>;
}

export const makeSay = ({ dictionary, namesFor }: SayParts): Say => {
  const json = makeJsonPresenter();

  const optionsOf = (asked: Asked): PresentOptions => {
    const { display, excludeReferenceLink } = readOptions(asked.parameters);
    return {
      dictionary: dictionary(),
      display,
      excludeLinks: excludeReferenceLink,
      linkBase: apiAddress(asked),
      timeZone: asked.caller.timeZone,
      formats: asked.caller.formats,
    };
  };
  const namesIn = (asked: Asked, selection: Selection, { display }: PresentOptions): Promise<ShownNames> | ShownNames =>
    display === 'false' ? noNames : namesFor(asked, selection);

  const one = async (asked: Asked, selection: Selection): Promise<string> => {
    const options = optionsOf(asked);
    const names = await namesIn(asked, selection, options);
    return isXml(asked.accept) ? xmlOne(selection, options, names) : `{"result":${json.one(selection, options, names)}}`;
  };

  return {
    one,
    async many(asked, selection) {
      const options = optionsOf(asked);
      const names = await namesIn(asked, selection, options);
      return isXml(asked.accept) ? xmlList(selection, options, names) : `{"result":${json.list(selection, options, names)}}`;
    },
    async written(asked, selection) {
      return String(asked.headers['x-no-response-body'] ?? '').toLowerCase() === 'true' ? undefined : one(asked, selection);
    },
  };
};
