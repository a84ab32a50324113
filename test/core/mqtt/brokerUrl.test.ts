import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseBrokerUrl } from '../../../src/core/mqtt/brokerUrl';

const short = (text: string): string => {
  const url = parseBrokerUrl(text);
  if (!url) return 'none';
  const user = url.username ? `${url.username}${url.hadPassword ? ':***' : ''}@` : '';
  return `${url.protocol} ${user}${url.host} ${url.port} ${url.path}`;
};

describe('the address of a broker', () => {
  it('has TLS and its port where nothing else is said', () => {
    assert.equal(short('broker.example.com'), 'mqtts broker.example.com 8883 /');
    assert.equal(short('broker:1884'), 'mqtts broker 1884 /');
    assert.equal(short('MQTT://Broker/'), 'mqtt Broker 1883 /');
    assert.equal(short('ssl://broker'), 'mqtts broker 8883 /');
    assert.equal(short('tcp://broker'), 'mqtt broker 1883 /');
  });

  it('has a path for WebSockets, /mqtt by default', () => {
    assert.equal(short('wss://broker'), 'wss broker 443 /mqtt');
    assert.equal(short('ws://broker:9001/ws/mqtt'), 'ws broker 9001 /ws/mqtt');
  });

  it('takes IPv6 in brackets', () => {
    assert.equal(short('mqtts://[fe80::1]:8884'), 'mqtts fe80::1 8884 /');
  });

  it('gives a user name on, and of a password only that there was one', () => {
    assert.equal(short('mqtts://anna@broker'), 'mqtts anna@broker 8883 /');
    assert.equal(short('mqtts://a%40b:secret@broker'), 'mqtts a@b:***@broker 8883 /');
    assert.doesNotMatch(JSON.stringify(parseBrokerUrl('mqtts://anna:secret@broker')), /secret/);
  });

  it('is nothing else', () => {
    const not = ['', 'http://broker', 'mqtts://', 'mqtts://broker:0', 'mqtts://broker:65536', 'mqtts://broker/topic'];
    for (const text of [...not, 'a b', 'mqtts://broker?x', '::1']) assert.equal(short(text), 'none', text);
  });
});
