// The part of the connection form that most people leave alone: MQTT version, session, Last Will.
import type { ConnectionProfile } from '../../src/core/mqtt/connectionProfile';
import { h } from '../dom';
import { checkbox, dropdown, textArea, textField } from '../toolkit';

type SessionPart = Pick<ConnectionProfile, 'version' | 'keepAlive' | 'cleanStart' | 'sessionExpiry' | 'lastWill'>;

/** The number in a field; `otherwise` when there is none. */
export function numberIn(text: string, otherwise: number): number {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isFinite(value) ? value : otherwise;
}

/** A control under its label, as the toolkit's text fields have it by themselves. */
export function labelled(text: string, control: HTMLElement): HTMLElement {
  return h('div', { class: 'field' }, h('span', { class: 'field-label' }, text), control);
}

export class SessionFields {
  private readonly version = dropdown('MQTT version', [
    ['3.1.1', 'MQTT 3.1.1'],
    ['5', 'MQTT 5.0'],
  ]);
  private readonly keepAlive = textField('Keep-alive (seconds)');
  private readonly sessionExpiry = textField('Session expiry (seconds)');
  private readonly cleanStart = checkbox('Clean start');
  private readonly willTopic = textField('Last Will topic', { placeholder: 'no Last Will' });
  private readonly willPayload = textArea('Last Will payload', 2);
  private readonly willQos = dropdown('Last Will QoS', [
    ['0', 'QoS 0'],
    ['1', 'QoS 1'],
    ['2', 'QoS 2'],
  ]);
  private readonly willRetain = checkbox('Retain');
  readonly element = h(
    'details',
    { class: 'form-section' },
    h('summary', {}, 'Session and Last Will'),
    h(
      'div',
      { class: 'fields' },
      labelled('MQTT version', this.version),
      this.keepAlive,
      this.sessionExpiry,
      this.cleanStart,
      this.willTopic,
      labelled('Last Will QoS', this.willQos),
      this.willPayload,
      this.willRetain,
    ),
  );

  useVersion(version: ConnectionProfile['version']): void {
    this.version.value = version;
  }

  open({ version, keepAlive, sessionExpiry, cleanStart, lastWill }: SessionPart): void {
    this.version.value = version;
    this.keepAlive.value = String(keepAlive);
    this.sessionExpiry.value = String(sessionExpiry);
    this.cleanStart.checked = cleanStart;
    this.willTopic.value = lastWill?.topic ?? '';
    this.willPayload.value = lastWill?.payload ?? '';
    this.willQos.value = String(lastWill?.qos ?? 0);
    this.willRetain.checked = lastWill?.retain ?? false;
  }

  read(): SessionPart {
    const qos = ([0, 1, 2] as const).find((level) => String(level) === this.willQos.value) ?? 0;
    const { value: topic } = this.willTopic;
    return {
      version: this.version.value === '5' ? '5' : '3.1.1',
      keepAlive: numberIn(this.keepAlive.value, 60),
      sessionExpiry: numberIn(this.sessionExpiry.value, 0),
      cleanStart: this.cleanStart.checked,
      lastWill: topic ? { topic, payload: this.willPayload.value, qos, retain: this.willRetain.checked } : null,
    };
  }
}
