// Publishing: topic, payload, QoS, retain; again at a rate; what was published before. Says what the broker answered.
import type { PaneRequest } from '../../src/protocol/explorerMessages';
import type { Repetition } from '../../src/protocol/explorerModel';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { button, checkbox, dropdown, textArea, textField } from '../toolkit';
import { FileField } from './fileField';
import { formatTime, plural, visibleNodes } from './format';
import type { Host } from './host';
import { PublishPropertyFields } from './publishProperties';

type Publish = Extract<PaneRequest, { type: 'publish' }>;
const MAX_HISTORY = 30;

export class PublishPanel {
  private readonly topic = textField('Topic', { placeholder: 'devices/my-board/commands' });
  private readonly payload = textArea('Payload', 8, { placeholder: '{ "led": true }', class: 'code' });
  private readonly encoding = dropdown('Payload encoding', [
    ['text', 'Text (UTF-8)'],
    ['hex', 'Hex'],
    ['base64', 'Base64'],
    ['file', 'A file'],
  ]);
  private readonly file: FileField;
  private readonly fromEditor: HTMLElement;
  private readonly properties = new PublishPropertyFields();
  private readonly qos = dropdown('QoS', [
    ['0', 'QoS 0: at most once'],
    ['1', 'QoS 1: at least once'],
    ['2', 'QoS 2: exactly once'],
  ]);
  private readonly retain = checkbox('Retain');
  private readonly every = textField('Seconds between two messages', { class: 'every', hideLabel: true });
  private readonly repeatButton = button('Repeat', () => void this.repeat());
  private readonly result = h('p', { class: 'publish-result dim', role: 'status' });
  private readonly history = h('div', {
    class: 'publish-history',
    role: 'list',
    attrs: { 'aria-label': 'Published before' },
  });
  private readonly historyHead = h('h3', {}, 'Published before');
  private readonly published: Publish[] = [];
  private edited = false;
  private repeating = false;
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    this.every.value = '1';
    this.historyHead.hidden = true;
    this.file = new FileField(host, 'File', 'payload');
    this.fromEditor = button(icon('goToFile'), () => void this.takeFromEditor(), {
      appearance: 'icon',
      title: 'Take the text of an open editor',
      attrs: { 'aria-label': 'Take the text of an open editor' },
    });
    this.element = h(
      'div',
      { class: 'publish-panel' },
      this.topic,
      this.payload,
      this.file.element,
      h('div', { class: 'publish-options' }, this.encoding, this.fromEditor, this.qos, this.retain),
      this.properties.element,
      h(
        'div',
        { class: 'publish-buttons' },
        button('Publish', () => void this.publish(), { appearance: 'primary', title: 'Ctrl+Enter' }),
        this.repeatButton,
        h('span', { class: 'dim' }, 'every'),
        this.every,
        h('span', { class: 'dim' }, 's'),
      ),
      this.result,
      this.historyHead,
      this.history,
    );
    this.encoding.addEventListener('change', () => this.showEncoding());
    this.showEncoding();
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

  showRepetition({ running, sent, problem }: Repetition): void {
    if (running || this.repeating)
      setText(
        this.result,
        problem ? `Stopped: ${problem}` : `${running ? 'Repeating' : 'Stopped'}: ${plural(sent, 'message')} sent.`,
      );
    this.repeating = running;
    setText(this.repeatButton, running ? 'Stop' : 'Repeat');
  }

  private chosenEncoding(): Publish['encoding'] {
    return (['hex', 'base64', 'file'] as const).find((name) => name === this.encoding.value) ?? 'text';
  }

  private showEncoding(): void {
    const isFile = this.chosenEncoding() === 'file';
    this.payload.hidden = isFile;
    this.fromEditor.hidden = isFile;
    this.file.element.hidden = !isFile;
  }

  private async takeFromEditor(): Promise<void> {
    const text = await this.host.askOrTell({ type: 'editorText' });
    if (typeof text === 'string') this.payload.value = text;
  }

  /** Undefined when something is wrong, which is said then. */
  private read(): Publish | undefined {
    const properties = this.properties.read();
    if (typeof properties === 'string') {
      setText(this.result, properties);
      return undefined;
    }
    const encoding = this.chosenEncoding();
    return {
      type: 'publish',
      topic: this.topic.value,
      payload: encoding === 'file' ? this.file.value : this.payload.value,
      encoding,
      properties,
      qos: ([0, 1, 2] as const).find((level) => String(level) === this.qos.value) ?? 0,
      retain: this.retain.checked,
    };
  }

  private async publish(): Promise<void> {
    const request = this.read();
    if (!request) return;
    setText(this.result, 'Publishing…');
    const done = await this.host.act(request);
    const how = request.qos === 0 ? 'Sent (QoS 0 has no answer)' : 'Accepted by the broker';
    setText(this.result, done ? `${how} at ${formatTime(Date.now())}.` : '');
    if (done) this.remember(request);
  }

  private async repeat(): Promise<void> {
    if (this.repeating) {
      await this.host.act({ type: 'stopRepeating' });
      return;
    }
    const seconds = Number(this.every.value.replace(',', '.'));
    if (!(seconds >= 0.05 && seconds <= 86_400)) {
      setText(this.result, 'The time between two messages is from 0.05 to 86400 seconds.');
      return;
    }
    const request = this.read();
    if (!request) return;
    const done = await this.host.act({ ...request, type: 'repeat', everyMs: Math.round(seconds * 1_000) });
    if (done) this.remember(request);
  }

  private remember(request: Publish): void {
    const same = JSON.stringify(request);
    const known = this.published.findIndex((other) => JSON.stringify(other) === same);
    if (known >= 0) this.published.splice(known, 1);
    this.published.unshift(request);
    this.published.length = Math.min(this.published.length, MAX_HISTORY);
    this.historyHead.hidden = false;
    fill(this.history, ...this.published.map((entry) => this.entry(entry)));
  }

  private entry(request: Publish): HTMLElement {
    const { topic, payload, qos, retain } = request;
    const use = (): void => {
      this.edited = true;
      this.topic.value = topic;
      this.encoding.value = request.encoding;
      if (request.encoding === 'file') this.file.value = payload;
      else this.payload.value = payload;
      this.showEncoding();
      this.properties.open(request.properties);
      this.qos.value = String(qos);
      this.retain.checked = retain;
    };
    return h(
      'div',
      { role: 'listitem' },
      h(
        'button',
        { class: 'history-row', attrs: { type: 'button' }, title: 'Use again', on: { click: use } },
        h('span', { class: 'code' }, ...visibleNodes(topic)),
        h('span', { class: 'preview' }, ...visibleNodes(payload.slice(0, 120))),
        h('span', { class: 'dim' }, `QoS ${qos}${retain ? ', retain' : ''}`),
      ),
    );
  }
}
