// Sparkplug B payloads written by protobufjs with the field numbers of the specification's sparkplug_b.proto.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { isSparkplugTopic, sparkplugText } from '../../../src/core/mqtt/sparkplug';

const writer = protobuf
  .parse(`syntax = "proto2";
message Payload {
  message Metric {
    optional string name = 1; optional uint64 alias = 2; optional uint64 timestamp = 3; optional uint32 datatype = 4;
    optional bool is_historical = 5; optional bool is_null = 7;
    oneof value { uint32 int_value = 10; uint64 long_value = 11; float float_value = 12; double double_value = 13;
      bool boolean_value = 14; string string_value = 15; bytes bytes_value = 16; }
  }
  optional uint64 timestamp = 1; repeated Metric metrics = 2; optional uint64 seq = 3; optional string uuid = 4;
}`)
  .root.lookupType('Payload');

test('metrics are shown with their types, signs and times', () => {
  const metrics = [
    { name: 'Temperature', alias: 3, datatype: 9, floatValue: 21.4 },
    { alias: 4, datatype: 3, intValue: 0xffff_fffb },
    { name: 'Pump/Running', datatype: 11, booleanValue: true, isHistorical: true },
    { name: 'Note', datatype: 12, stringValue: 'a "b"' },
    { name: 'Pressure', datatype: 10, isNull: true },
    { name: 'Blob', datatype: 17, bytesValue: Uint8Array.of(1, 2, 3) },
  ];
  const bytes = writer.encode(writer.fromObject({ timestamp: 1_700_000_000_000, metrics, seq: 5 })).finish();
  assert.deepEqual(sparkplugText(bytes)?.split('\n'), [
    'timestamp: 2023-11-14T22:13:20.000Z',
    'Temperature: 21.4 (Float, alias 3)',
    'alias 4: -5 (Int32)',
    'Pump/Running: true (Boolean, historical)',
    'Note: "a \\"b\\"" (String)',
    'Pressure: null (Double)',
    'Blob: 3 bytes (Bytes)',
    'seq: 5',
  ]);
});

test('only its topics are Sparkplug B', () => {
  assert.ok(isSparkplugTopic('spBv1.0/plant/DDATA/line-1/drive'));
  for (const topic of ['spBv1.0/STATE/host', 'devices/x', 'spBv1.0/plant/OTHER/x']) assert.ok(!isSparkplugTopic(topic));
});

test('anything else is undefined, never a throw', () => {
  assert.equal(sparkplugText(new TextEncoder().encode('{"a":1}')), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void sparkplugText(bytes)),
    { numRuns: 2000 },
  );
});
