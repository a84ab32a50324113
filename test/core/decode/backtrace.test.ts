import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeAddresses, parseAddr2line } from '../../../src/core/decode/backtrace';

test('takes the program counters of an Xtensa backtrace, not the stack pointers', () => {
  assert.deepEqual(codeAddresses('Backtrace: 0x400873dc:0x3ffbe540 0x400874db:0x3ffbe560 |<-CORRUPTED'), [
    '0x400873dc',
    '0x400874db',
  ]);
});

test('takes the addresses of the command that ESPHome prints after a crash', () => {
  assert.deepEqual(
    codeAddresses('[12:31:55][E][esp32.crash:240]: Use: addr2line -pfiaC -e firmware.elf 0x4011AD40 0x400D1FDF'),
    ['0x4011ad40', '0x400d1fdf'],
  );
});

test('takes MEPC and RA of a RISC-V register dump', () => {
  assert.deepEqual(codeAddresses('MEPC    : 0x420067ac  RA      : 0x42006796  SP      : 0x3fc91f40'), [
    '0x420067ac',
    '0x42006796',
  ]);
});

test('takes the code words of an ESP8266 stack and of its exception', () => {
  assert.deepEqual(codeAddresses('3ffffe60:  4024c564 00000004 3ffffea0 4020f0a4  '), ['0x4024c564', '0x4020f0a4']);
  assert.deepEqual(codeAddresses('epc1=0x40216c64 epc2=0x00000000 epc3=0x00000000'), ['0x40216c64']);
});

test('reads what addr2line prints, unknown places included', () => {
  assert.deepEqual(
    parseAddr2line('0x400d1fdf\napp_main\n/home/u/main.c:20 (discriminator 1)\n0x400d0000\n??\n??:0\n'),
    [{ address: '0x400d1fdf', function: 'app_main', file: '/home/u/main.c', line: 20 }, { address: '0x400d0000' }],
  );
});
