// docs/query_language.md names every operator, and its examples are queries.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { operatorTokens } from '../../../src/records/query/operators/tokens.ts';
import { parse } from '../../../src/records/query/parse.ts';

const page = await readFile(new URL('../../../docs/query_language.md', import.meta.url), 'utf8');
const section = (title: string): string => page.split(/^## /m).find((text) => text.startsWith(title)) ?? '';

describe('the page about the query language', () => {
  test('names every operator', () => {
    const named = `${section('Operators')}${section('Terms')}`;
    for (const token of operatorTokens) assert.match(named, new RegExp(`\`${token.replace(/[*!]/g, '\\$&')}[\`<a@]`), token);
  });

  test('has examples that are read as they are meant', () => {
    const examples = section('Operators')
      .split('\n')
      .flatMap((row) => /\| `([^`]+)` \|$/.exec(row)?.[1] ?? []);
    assert.ok(examples.length > 20);
    for (const example of examples) {
      const terms = parse(example).groups.flat(2);
      assert.ok(terms.length > 0 && terms.every((term) => term.kind !== 'invalid'), example);
    }
  });
});
