// User properties (MQTT 5.0 section 3.3.2.3.7) as a person types them: one `name: value` on each line.

export interface UserProperty {
  readonly name: string;
  readonly value: string;
}

/** The properties in order, the same name as often as it is there; or what is wrong with a line, for the person. */
export function readUserProperties(text: string): readonly UserProperty[] | string {
  const found: UserProperty[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim();
    if (at < 0 || name === '') return `Line ${index + 1} of the user properties is not "name: value".`;
    found.push({ name, value: line.slice(at + 1).trim() });
  }
  return found;
}

/** The reverse of `readUserProperties`. */
export function userPropertyLines(properties: readonly UserProperty[]): string {
  return properties.map(({ name, value }) => `${name}: ${value}`).join('\n');
}
