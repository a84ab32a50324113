// Publishing: topic, payload, QoS, retain. Says what the broker answered.
import type { PaneRequest } from '../../src/protocol/explorerMessages';
import { h, setText } from '../dom';
import { button, checkbox, dropdown, textArea, textField } from '../toolkit';
import { formatTime } from './format';
import type { Host } from './host';

type Publish = Extract<PaneRequest, { type: 'publish' }>;

export class PublishPanel {
  private readonly topic = textField('Topic', { placeholder: 'devices/my-board/commands' });
  private readonly payload = textArea('Payload', 8, { placeholder: '{ "led": true }', class: 'code' });
  private readonly encoding = dropdown('Payload encoding', [
    ['text', 'Text (UTF-8)'],
    ['hex', 'Hex'],
    ['base64', 'Base64'],
  ]);
  private readonly qos = dropdown('QoS', [
    ['0', 'QoS 0: at most once'],
    ['1', 'QoS 1: at least once'],
    ['2', 'QoS 2: exactly once'],
  ]);
  private readonly retain = checkbox('Retain');
  private readonly result = h('p', { class: 'publish-result dim', role: 'status' });
  private edited = false;
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    this.element = h(
      'div',
      { class: 'publish-panel' },
      this.topic,
      this.payload,
      h('div', { class: 'publish-options' }, this.encoding, this.qos, this.retain),
      h(
        'div',
        { class: 'publish-buttons' },
        button('Publish', () => void this.publish(), { appearance: 'primary' }),
        this.result,
      ),
    );
    this.topic.addEventListener('input', () => {
      this.edited = true;
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.publish();
    });
  }

  /** Offers the selected topic, unless another one has been typed. */
  suggest(topic: string): void {
    if (!this.edited) this.topic.value = topic;
  }

  private async publish(): Promise<void> {
    const encoding = (['text', 'hex', 'base64'] as const).find((name) => name === this.encoding.value) ?? 'text';
    const request: Publish = {
      type: 'publish',
      topic: this.topic.value,
      payload: this.payload.value,
      encoding,
      qos: ([0, 1, 2] as const).find((level) => String(level) === this.qos.value) ?? 0,
      retain: this.retain.checked,
    };
    setText(this.result, 'Publishing…');
    const done = await this.host.act(request);
    const how = request.qos === 0 ? 'Sent (QoS 0 has no answer)' : 'Accepted by the broker';
    setText(this.result, done ? `${how} at ${formatTime(Date.now())}.` : '');
  }
}
