// What a search field for topics means: a topic filter when it has a wildcard, else a part of the topic in any case.
import { filterMatcher, filterProblem } from './topicFilter';

/** Undefined for an empty search: everything. */
export function searchMatcher(text: string): ((topic: string) => boolean) | undefined {
  const wanted = text.trim();
  if (wanted === '') return undefined;
  if (/[#+]/.test(wanted) && filterProblem(wanted) === undefined) return filterMatcher(wanted);
  const lower = wanted.toLowerCase();
  return (topic) => topic.toLowerCase().includes(lower);
}
