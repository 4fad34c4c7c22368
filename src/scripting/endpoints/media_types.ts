// Lists of media types as scripted REST rows hold them: `application/json, text/csv`. Pure.

const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9*][a-z0-9!#$&^_.+-]*$/;

/** In order, in lower case, each once. */
export const readMediaTypes = (list: string): readonly string[] => [
  ...new Set(
    list
      .toLowerCase()
      .split(/[,\s]+/)
      .filter((type) => type !== ''),
  ),
];

/** The entries that are no media types. */
export const strangeMediaTypes = (list: string): readonly string[] =>
  readMediaTypes(list).filter((type) => !mediaType.test(type));
