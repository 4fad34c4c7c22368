// The Link header, to the letter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../../../src/http/parameters.ts';
import { pageLinks } from '../../../src/http/table/page_links.ts';

const at = 'https://x.example/api/now/table/incident';
const links = (query: string, limit: number, offset: number, rowCount: number, total: number | undefined) =>
  pageLinks(at, readParameters(query), { limit, offset }, { rowCount, total });

test('a page in the middle has all four, in order, without blanks', () => {
  assert.equal(
    links('sysparm_query=active%3Dtrue%5Estate=1&sysparm_offset=10&sysparm_limit=5&sysparm_fields=number,state', 5, 10, 5, 23),
    ['first:0', 'prev:5', 'next:15', 'last:20']
      .map((word) => word.split(':'))
      .map(
        ([relation, offset]) =>
          `<${at}?sysparm_query=active%3Dtrue%5Estate%3D1&sysparm_fields=number%2Cstate&sysparm_limit=5&sysparm_offset=${offset}>;rel="${relation}"`,
      )
      .join(','),
  );
});

const relations = (text: string) =>
  [...text.matchAll(/sysparm_offset=(-?\d+)>;rel="(\w+)"/g)].map(([, offset, relation]) => `${relation}:${offset}`);

const pages: [name: string, limit: number, offset: number, rowCount: number, total: number | undefined, string[]][] = [
  ['page one has no prev', 5, 0, 5, 23, ['first:0', 'next:5', 'last:20']],
  ['the last page has no next', 5, 20, 3, 23, ['first:0', 'prev:15', 'last:20']],
  ['an exact fit has no page past the end', 5, 5, 5, 10, ['first:0', 'prev:0', 'last:5']],
  ['prev never goes below zero', 5, 3, 5, 23, ['first:0', 'prev:0', 'next:8', 'last:20']],
  ['past the end there is no next, and prev leads back to rows', 5, 500, 0, 23, ['first:0', 'prev:20', 'last:20']],
  ['an empty table has a first and a last page', 5, 0, 0, 0, ['first:0', 'last:0']],
  ['uncounted, a full page may have a next', 5, 0, 5, undefined, ['first:0', 'next:5']],
  ['uncounted, a short page has none', 5, 5, 4, undefined, ['first:0', 'prev:0']],
  ['a limit of zero has no pages', 0, 0, 0, 23, []],
];
for (const [name, limit, offset, rowCount, total, expected] of pages) {
  test(name, () => assert.deepEqual(relations(links('', limit, offset, rowCount, total)), expected));
}

test('a parameter cannot end the link', () => {
  assert.doesNotMatch(links('q=%3E%3B%22%0d%0aX:1', 5, 0, 5, 23).replace(/>;rel="\w+"/g, ''), /[";\r\n]|>./);
});

test('a query too long for four links keeps the link that matters, and none when even that is too long', () => {
  const query = (length: number) => `sysparm_query=${'x'.repeat(length)}`;
  assert.deepEqual(relations(links(query(5000), 5, 10, 5, 23)), ['prev:5', 'next:15']);
  assert.deepEqual(relations(links(query(8000), 5, 10, 5, 23)), ['next:15']);
  assert.deepEqual(relations(links(query(20_000), 5, 10, 5, 23)), []);
});
