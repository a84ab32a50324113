// For assert.throws and assert.rejects: a UserError with this code whose message matches.
import assert from 'node:assert/strict';
import { UserError } from '../../src/core/errors';

export function userError(code: string, message?: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof UserError, `not a UserError: ${error instanceof Error ? error.stack : error}`);
    assert.equal(error.code, code);
    if (message) assert.match(error.message, message);
    return true;
  };
}
