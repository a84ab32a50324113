import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { filterMatches, filterProblem, topicProblem } from '../../../src/core/mqtt/topicFilter';

describe('topic filter', () => {
  // Examples of MQTT 5.0, sections 4.7.1 and 4.7.2.
  const cases: readonly [filter: string, topic: string, matches: boolean][] = [
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'a/b', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/broker/uptime', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/broker/uptime', true],
    ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
    ['$share/group/home/#', 'home/light', true],
    ['a//b', 'a//b', true],
    ['a/+/b', 'a//b', true],
    ['A', 'a', false],
  ];
  for (const [filter, topic, matches] of cases) {
    it(`${filter} ${matches ? 'takes' : 'does not take'} ${topic}`, () => {
      assert.equal(filterMatches(filter, topic), matches);
    });
  }

  const level = fc.stringMatching(/^[a-c]{0,2}$/);
  const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));

  it('agrees with the definition written as a regular expression', () => {
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, all]) => [...levels, ...(all ? ['#'] : [])].join('/'));
    fc.assert(
      fc.property(filter, topic, (f, t) => {
        const pattern = f.replace(/\/#$/, '(/.*)?').replaceAll('+', '[^/]*');
        assert.equal(filterMatches(f, t), new RegExp(`^${pattern}$`).test(t), `${f} ${t}`);
      }),
    );
  });

  it('takes every topic as its own filter', () => {
    fc.assert(fc.property(topic, (t) => assert.equal(filterMatches(t, t), true)));
  });

  for (const bad of ['', 'a#', '#/a', 'a/#/b', 'a+', 'a/b+/c', 'a\u0000b', '$share/g', '$share/+/a', '$share//a']) {
    it(`refuses the filter ${JSON.stringify(bad)} with a reason`, () => assert.ok(filterProblem(bad)));
  }
  for (const fine of ['#', '+', '/', 'a/+/c/#', '$SYS/#', '$share/g/a', 'ä/ö']) {
    it(`accepts the filter ${fine}`, () => assert.equal(filterProblem(fine), undefined));
  }
  it('refuses wildcards, nothing and too much as a topic to publish to', () => {
    for (const bad of ['', 'a/+', '#', 'a\u0000', 'ä'.repeat(32_768)]) assert.ok(topicProblem(bad), bad.slice(0, 5));
    assert.equal(topicProblem('a'.repeat(65_535)), undefined);
  });
});
