// Encoded query text → syntax tree. Never throws and knows no table: what it cannot read is kept as an invalid term.
import { operatorTokens } from './operators/tokens.ts';
import { type Piece, splitTerms } from './split.ts';
import type { Invalid, RelatedCount, SortKey, Syntax, Term } from './syntax.ts';

const fieldName = /^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/;
const leadingField = /^[a-z0-9_]+(?:\.[a-z0-9_]+)*/;
const textSearch = /^123TEXTQUERY321=(.*)$/s;
// Names a configuration of the original's search engine, not something to look for.
const searchGroup = '123TEXTINDEXGROUP321=';
const relatedHead = /^RLQUERY([a-z0-9_]+)\.([a-z0-9_]+),(?:(>=|<=|!=|=|>|<)(\d{1,9})|BETWEEN(\d{1,9})@(\d{1,9}))(?:,m2m)?$/;
const joinHead = /^JOIN([a-z0-9_]+)\.([a-z0-9_]+)=([a-z0-9_]+)\.([a-z0-9_]+)!(.*)$/s;

/** Blocks inside blocks; binding stops long before. Deeper ones are never taken apart: each level is a call. */
const nestingLimit = 10;

const invalid = (text: string): Invalid => ({ kind: 'invalid', text });

const readComparison = (text: string): Term => {
  const field = leadingField.exec(text)?.[0];
  if (field === undefined) return invalid(text);
  const rest = text.slice(field.length);
  const operator = operatorTokens.find((token) => rest.startsWith(token));
  if (operator === undefined) return invalid(text);
  return { kind: 'comparison', field, operator, value: rest.slice(operator.length), text };
};

const readTerm = (text: string, nesting: number): Term => {
  const search = textSearch.exec(text);
  if (search) return { kind: 'text_search', value: search[1] ?? '', text };
  const join = joinHead.exec(text);
  if (join && nesting >= nestingLimit) return invalid(text);
  if (join) {
    const [, table = '', field = '', otherTable = '', otherField = '', inner = ''] = join;
    return {
      kind: 'join',
      table,
      field,
      otherTable,
      otherField,
      query: treeOf([{ text: inner, block: undefined }], nesting + 1),
      text,
    };
  }
  return readComparison(text);
};

const readBlock = (text: string, block: readonly Piece[], nesting: number): Term => {
  const head = relatedHead.exec(text);
  if (!head || nesting >= nestingLimit) return invalid(text);
  const [, table = '', field = '', relation, count, least, most] = head;
  const counts: RelatedCount['counts'] =
    relation === undefined
      ? [
          { relation: '>=', count: Number(least) },
          { relation: '<=', count: Number(most) },
        ]
      : [{ relation: relation as RelatedCount['counts'][number]['relation'], count: Number(count) }];
  return { kind: 'related_count', table, field, counts, query: treeOf(block, nesting + 1), text };
};

const readSort = (text: string): SortKey | undefined => {
  const isDescending = text.startsWith('ORDERBYDESC');
  const field = text.slice(isDescending ? 'ORDERBYDESC'.length : 'ORDERBY'.length).trim();
  return fieldName.test(field) ? { field, isDescending } : undefined;
};

const treeOf = (pieces: readonly Piece[], nesting: number): Syntax => {
  const groups: Term[][][] = [[]];
  const order: SortKey[] = [];
  const groupBy: string[] = [];
  const add = (term: Term, joinsPrevious: boolean): void => {
    const group = groups.at(-1) as Term[][];
    const run = joinsPrevious ? group.at(-1) : undefined;
    if (run) run.push(term);
    else group.push([term]);
  };
  for (const piece of pieces) {
    let text = piece.text.trimStart();
    if (text.startsWith('NQ')) {
      text = text.slice(2);
      groups.push([]);
    }
    // ORDERBY before OR: the separator `^OR` and the start of `^ORDERBY` share their letters, field names are lower-case.
    const joinsPrevious = text.startsWith('OR') && !text.startsWith('ORDERBY');
    if (joinsPrevious) text = text.slice(2);
    // What the search field of a list puts before its term, and people copy from there.
    if (text.startsWith('GOTO')) text = text.slice(4);
    if (text === '' || text === 'EQ' || text.startsWith(searchGroup)) continue;
    if (text.startsWith('ORDERBY')) {
      const key = readSort(text);
      if (key) order.push(key);
      else add(invalid(text), false);
    } else if (text.startsWith('GROUPBY')) {
      const field = text.slice('GROUPBY'.length).trim();
      if (fieldName.test(field)) groupBy.push(field);
      else add(invalid(text), false);
    } else add(piece.block ? readBlock(text, piece.block, nesting) : readTerm(text, nesting), joinsPrevious);
  }
  // `a=1^NQ` and `ORDERBYx^NQa=1` open groups in which nothing is asked; they do not ask for everything.
  const asked = groups.filter((group) => group.length > 0);
  return { groups: asked, order, groupBy };
};

/** The tree of a query. Pure: the same text always gives the same tree, so it may be kept. */
export const parse = (query: string): Syntax => treeOf(splitTerms(query), 0);
