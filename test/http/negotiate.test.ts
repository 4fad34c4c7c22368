// Which form an answer and a body have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseAccept, readContentType } from '../../src/http/negotiate.ts';
import { isFault } from '../../src/kit/fault.ts';

const chosen: [string | undefined, string][] = [
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['application/*', 'application/json'],
  ['text/*', 'text/xml'],
  ['APPLICATION/XML', 'application/xml'],
  ['text/xml', 'text/xml'],
  ['application/json;odata=verbose', 'application/json'],
  ['text/html, application/xml;q=0.9, */*;q=0.8', 'application/xml'],
  ['application/xml;q=0.1, application/json;q=0.9', 'application/json'],
  ['text/html, image/gif, */*; q=.2', 'application/json'],
];
for (const [header, type] of chosen) {
  test(`Accept ${header} is answered with ${type}`, () => assert.equal(chooseAccept(header), type));
}

for (const header of ['text/html', 'application/json;q=0', 'nonsense', ',,,', 'image/*']) {
  test(`Accept ${header} cannot be satisfied`, () => {
    assert.throws(
      () => chooseAccept(header),
      (error) =>
        isFault(error, 'http.not_acceptable') &&
        error.message.includes(
          'Supported response media types for this service are: [application/json, application/xml, text/xml]',
        ),
    );
  });
}

test('a body without a type is JSON, and charsets are heard', () => {
  assert.deepEqual(readContentType(undefined), { type: 'application/json', charset: 'utf-8' });
  assert.deepEqual(readContentType('Application/JSON; charset="UTF-8"'), { type: 'application/json', charset: 'utf-8' });
  assert.deepEqual(readContentType('text/xml;charset=iso-8859-1'), { type: 'text/xml', charset: 'iso-8859-1' });
});

for (const header of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'json', '/']) {
  test(`Content-Type ${header} is not supported`, () => {
    assert.throws(
      () => readContentType(header),
      (error) =>
        isFault(error, 'http.unsupported_media_type') &&
        error.message ===
          'Invalid content-type. Supported request media types for this service are: [application/json, application/xml, text/xml]',
    );
  });
}
