// What a stored password promises.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decoyHash, hashPassword, isPasswordHash, needsRehash, standardCost, verifyPassword } from '../../src/kit/password.ts';

const cheap = { memoryKib: 1_024, passes: 1 };

describe('a password', () => {
  it('is recognised by its hash, and no other is', async () => {
    const stored = await hashPassword('correct horse', { cost: cheap });
    assert.equal(await verifyPassword('correct horse', stored), true);
    for (const wrong of ['', 'correct hors', 'correct horse ', 'Correct horse'])
      assert.equal(await verifyPassword(wrong, stored), false, wrong);
  });

  it('is never stored the same way twice', async () => {
    assert.notEqual(await hashPassword('twice', { cost: cheap }), await hashPassword('twice', { cost: cheap }));
  });

  it('is the same however its accents were typed', async () => {
    assert.equal(await verifyPassword('re\u0301sume\u0301', await hashPassword('r\u00e9sum\u00e9', { cost: cheap })), true);
  });

  it('asks for a new hash when the cost was raised, and only then', async () => {
    const old = await hashPassword('x', { cost: cheap });
    assert.equal(needsRehash(old), true);
    assert.equal(needsRehash(old, cheap), false);
    assert.equal(needsRehash(await hashPassword('x')), false);
    assert.match(
      await hashPassword('x'),
      new RegExp(`^\\$argon2id\\$v=19\\$m=${standardCost.memoryKib},t=${standardCost.passes},p=1\\$`),
    );
  });

  it('is not what a decoy is the hash of, which costs as much to find out', async () => {
    const decoy = decoyHash();
    assert.equal(isPasswordHash(decoy), true);
    assert.match(decoy, new RegExp(`\\$m=${standardCost.memoryKib},t=${standardCost.passes},p=1\\$`));
    assert.equal(await verifyPassword('', decoy), false);
    assert.notEqual(decoy, decoyHash());
  });

  it('never matches a stored text that is no hash, however it asks', async () => {
    const good = await hashPassword('x', { cost: cheap });
    const bad = [
      '',
      'x',
      '$argon2id$',
      good.slice(0, -1),
      `${good}=`,
      good.replace('m=1024', 'm=9999999'),
      good.replace('m=1024', 'm=8'),
      good.replace('t=1', 't=0'),
      good.replace('argon2id', 'argon2i'),
    ];
    for (const stored of bad) {
      assert.equal(await verifyPassword('x', stored), false, stored);
      assert.equal(isPasswordHash(stored), false, stored);
    }
    assert.equal(isPasswordHash(good), true);
  });
});
