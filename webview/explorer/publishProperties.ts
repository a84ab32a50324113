// The MQTT 5 properties of a message to publish: closed and empty unless somebody needs them.

import type { PublishProperties } from '../../src/core/mqtt/publication';
import { readUserProperties, userPropertyLines } from '../../src/core/mqtt/userProperties';
import { h } from '../dom';
import { checkbox, textArea, textField } from '../toolkit';

export class PublishPropertyFields {
  private readonly contentType = textField('Content type', { placeholder: 'for example application/json' });
  private readonly responseTopic = textField('Response topic', { placeholder: 'none' });
  private readonly correlationData = textField('Correlation data', { placeholder: 'none' });
  private readonly messageExpiry = textField('Message expiry (seconds)', { placeholder: 'never' });
  private readonly utf8 = checkbox('Mark the payload as UTF-8 text');
  private readonly user = textArea('User properties, one on each line', 3, {
    placeholder: 'name: value',
    class: 'code',
  });
  readonly element = h(
    'details',
    { class: 'publish-properties' },
    h('summary', {}, 'MQTT 5 properties'),
    h(
      'div',
      { class: 'fields' },
      this.contentType,
      this.messageExpiry,
      this.responseTopic,
      this.correlationData,
      this.user,
      this.utf8,
    ),
  );

  /** Null when nothing is filled in; a sentence when something is wrong. */
  read(): PublishProperties | null | string {
    const userProperties = readUserProperties(this.user.value);
    if (typeof userProperties === 'string') return userProperties;
    const expiry = this.messageExpiry.value.trim();
    if (!/^\d{0,10}$/.test(expiry) || Number(expiry) > 4_294_967_295)
      return 'The message expiry is a whole number of seconds, at most 4294967295.';
    const properties: PublishProperties = {
      contentType: this.contentType.value.trim(),
      responseTopic: this.responseTopic.value.trim(),
      correlationData: this.correlationData.value,
      messageExpiry: expiry === '' ? null : Number(expiry),
      utf8: this.utf8.checked,
      userProperties: [...userProperties],
    };
    const { contentType, responseTopic, correlationData, messageExpiry, utf8 } = properties;
    const some = contentType || responseTopic || correlationData || messageExpiry !== null || utf8;
    return some || userProperties.length > 0 ? properties : null;
  }

  open(properties: PublishProperties | null): void {
    this.contentType.value = properties?.contentType ?? '';
    this.responseTopic.value = properties?.responseTopic ?? '';
    this.correlationData.value = properties?.correlationData ?? '';
    this.messageExpiry.value = properties?.messageExpiry?.toString() ?? '';
    this.utf8.checked = properties?.utf8 ?? false;
    this.user.value = userPropertyLines(properties?.userProperties ?? []);
    this.element.open = properties !== null;
  }
}
