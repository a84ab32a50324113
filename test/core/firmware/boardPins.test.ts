// The pins that templates may use, board by board.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBoardKind, refusePin } from '../../../src/core/firmware/boardList';

const BOARDS = ['esp32', 'esp32s2', 'esp32s3', 'esp32c3', 'esp32c6', 'esp8266'];
const refusal = (board: string, pin: number): string | undefined => {
  const kind = findBoardKind(board);
  assert.ok(kind);
  return refusePin(kind, pin);
};

test('the defaults of the templates, 0 and 4, are pins of every board', () => {
  for (const board of BOARDS) for (const pin of [0, 4]) assert.equal(refusal(board, pin), undefined, board);
});

test('a pin of the flash would stop the board, one that only reads drives no sensor, one that is not there does nothing', () => {
  const bad: [string, number[]][] = [
    ['esp32', [6, 8, 11, 20, 24, 28, 34, 39, 40]],
    ['esp32s2', [22, 26, 32, 46]],
    ['esp32s3', [22, 26, 32, 49]],
    ['esp32c3', [11, 12, 17, 22]],
    ['esp32c6', [24, 30, 31]],
    ['esp8266', [6, 11, 17]],
  ];
  for (const [board, pins] of bad)
    for (const pin of pins) assert.match(refusal(board, pin) ?? 'taken', /take one of 0 to /, `${board} ${pin}`);
});
