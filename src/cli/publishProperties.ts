// The options of `secure-iot pub` that become MQTT 5 properties.
import type { PublishProperties } from '../core/mqtt/publication';
import { CliUsageError, wholeNumber } from './arguments';

export interface PropertyValues {
  readonly 'content-type'?: string | undefined;
  readonly 'response-topic'?: string | undefined;
  readonly correlation?: string | undefined;
  readonly expiry?: string | undefined;
  readonly property?: readonly string[] | undefined;
}

/** Null when none is given. Throws CliUsageError. */
export function publishProperties(values: PropertyValues): PublishProperties | null {
  const { expiry, property = [] } = values;
  const userProperties = property.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new CliUsageError(`--property takes NAME=VALUE, and "${text}" is not`);
    return { name: text.slice(0, at), value: text.slice(at + 1) };
  });
  const texts = [values['content-type'], values['response-topic'], values.correlation, expiry];
  if (userProperties.length === 0 && texts.every((text) => text === undefined)) return null;
  return {
    contentType: values['content-type'] ?? '',
    responseTopic: values['response-topic'] ?? '',
    correlationData: values.correlation ?? '',
    messageExpiry: expiry === undefined ? null : wholeNumber(expiry, '--expiry', 0, 4_294_967_295),
    utf8: false,
    userProperties,
  };
}
