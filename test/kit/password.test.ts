// What a stored password promises.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashPassword, isPasswordHash, needsRehash, standardCost, verifyPassword } from '../../src/kit/password.ts';

const cheap = { logN: 10, r: 8, p: 1 };

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
      new RegExp(`^\\$scrypt\\$ln=${standardCost.logN},r=${standardCost.r},p=${standardCost.p}\\$`),
    );
  });

  it('never matches a stored text that is no hash, however it asks', async () => {
    const good = await hashPassword('x', { cost: cheap });
    const bad = [
      '',
      'x',
      '$scrypt$',
      good.slice(0, -1),
      `${good}=`,
      good.replace('ln=10', 'ln=31'),
      good.replace('ln=10', 'ln=20').replace('r=8', 'r=99'),
      good.replace('r=8', 'r=0'),
    ];
    for (const stored of bad) {
      assert.equal(await verifyPassword('x', stored), false, stored);
      assert.equal(isPasswordHash(stored), false, stored);
    }
    assert.equal(isPasswordHash(good), true);
  });
});
