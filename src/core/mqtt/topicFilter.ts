// Topic names and topic filters (MQTT 5.0 section 4.7; the same in 3.1.1): what is valid, and what matches what.

/** A topic is at most this many bytes of UTF-8 (section 1.5.4). */
const MAX_TOPIC_BYTES = 65_535;

/** Undefined for a valid topic name to publish to, else what is wrong, for the user. */
export function topicProblem(topic: string): string | undefined {
  if (topic === '') return 'A topic has at least one character.';
  if (/[+#]/.test(topic)) return 'A topic to publish to has no wildcards (+ or #).';
  return textProblem(topic);
}

/** Undefined for a valid topic filter to subscribe to, else what is wrong, for the user. */
export function filterProblem(filter: string): string | undefined {
  if (filter === '') return 'A topic filter has at least one character; # is everything.';
  const plain = withoutShare(filter);
  if (plain === undefined) return 'A shared subscription looks like $share/GROUP/FILTER, and GROUP has no wildcards.';
  const levels = plain.split('/');
  for (const [index, level] of levels.entries()) {
    if (level.includes('#') && (level !== '#' || index !== levels.length - 1)) {
      return '# stands alone and at the end, for example home/#.';
    }
    if (level.includes('+') && level !== '+') return '+ stands for a whole level, for example home/+/temperature.';
  }
  return textProblem(filter);
}

function textProblem(text: string): string | undefined {
  if (text.includes('\u0000')) return 'A topic must not contain the NUL character.';
  if (text.length > MAX_TOPIC_BYTES / 3 && new TextEncoder().encode(text).length > MAX_TOPIC_BYTES) {
    return 'A topic has at most 65,535 bytes.';
  }
  return undefined;
}

/** The filter inside `$share/group/filter`; the filter itself when it is not shared; undefined when malformed. */
function withoutShare(filter: string): string | undefined {
  if (!filter.startsWith('$share/')) return filter;
  const end = filter.indexOf('/', '$share/'.length);
  const group = filter.slice('$share/'.length, end === -1 ? undefined : end);
  const rest = end === -1 ? '' : filter.slice(end + 1);
  return group === '' || /[+#]/.test(group) || rest === '' ? undefined : rest;
}

/** Whether a valid `filter` takes `topic`. Wildcards do not take a first level that begins with `$` (section 4.7.2). */
export function filterMatches(filter: string, topic: string): boolean {
  return filterMatcher(filter)(topic);
}

/** The same for many topics: the filter is split once. */
export function filterMatcher(filter: string): (topic: string) => boolean {
  const plain = withoutShare(filter) ?? filter;
  if (!/[+#]/.test(plain)) return (topic) => topic === plain;
  const wanted = plain.split('/');
  const wildFirst = wanted[0] === '#' || wanted[0] === '+';
  return (topic) => {
    if (wildFirst && topic.startsWith('$')) return false;
    const levels = topic.split('/');
    for (const [index, level] of wanted.entries()) {
      if (level === '#') return true; // also the parent itself: a/# takes a
      if (index >= levels.length) return false;
      if (level !== '+' && level !== levels[index]) return false;
    }
    return levels.length === wanted.length;
  };
}
