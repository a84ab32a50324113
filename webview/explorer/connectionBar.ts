// The line on top: where we are connected, how it stands, and the one button that changes it.

import type { ConnectionState, TlsView } from '../../src/protocol/explorerModel';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { button } from '../toolkit';
import { visibleNodes } from './format';

export interface ConnectionBarActions {
  disconnect(): void;
  /** Shows the connection form, or the topics again. */
  toggleForm(): void;
  run(command: string): void;
  /** Connects again, with MQTT 3.1.1. */
  useOlderVersion(): void;
}

export class ConnectionBar {
  private readonly dot = h('span', { class: 'dot', attrs: { 'aria-hidden': 'true' } });
  private readonly label = h('span', { class: 'state-label' });
  private readonly address = h('span', { class: 'state-address' });
  private readonly tls = h('span', { class: 'state-tls' });
  private readonly buttons = h('span', { class: 'bar-buttons' });
  private readonly banner = h('div', { class: 'banner error', role: 'alert' });
  private readonly disconnect: HTMLElement;
  private readonly edit: HTMLElement;
  readonly element: HTMLElement;

  constructor(private readonly actions: ConnectionBarActions) {
    this.disconnect = button('Disconnect', actions.disconnect);
    this.edit = button('Connection…', actions.toggleForm, { title: 'Show or hide the connection form' });
    this.banner.hidden = true;
    this.element = h(
      'header',
      { class: 'connection' },
      h(
        'div',
        { class: 'bar' },
        this.dot,
        h('span', { class: 'state', role: 'status' }, this.label, this.address, this.tls),
        this.buttons,
      ),
      this.banner,
    );
  }

  update(state: ConnectionState, tls: TlsView | null): void {
    this.element.dataset['state'] = state.type;
    const words = { idle: 'Not connected', connecting: 'Connecting', connected: 'Connected', failed: 'Failed' };
    const retrying = state.type === 'failed' && state.retrying;
    setText(this.label, retrying ? 'Reconnecting' : words[state.type]);
    setText(this.address, state.type === 'idle' ? '' : state.address);
    setText(this.tls, state.type === 'connected' ? (tls ? `${tls.version} · ${tls.cipher}` : 'not encrypted') : '');
    this.tls.classList.toggle('warn', state.type === 'connected' && !tls);
    const live = state.type === 'connected' || state.type === 'connecting' || retrying;
    const wanted = live ? [this.disconnect, this.edit] : [];
    if (this.buttons.childElementCount !== wanted.length) fill(this.buttons, ...wanted);
    setText(this.disconnect, state.type === 'connected' ? 'Disconnect' : 'Cancel');
    this.showFailure(state);
  }

  private showFailure(state: ConnectionState): void {
    this.banner.hidden = state.type !== 'failed';
    if (state.type !== 'failed') return;
    const { action } = state;
    if (this.banner.dataset['reason'] === state.reason) return;
    this.banner.dataset['reason'] = state.reason;
    fill(
      this.banner,
      icon('error'),
      h('span', { class: 'banner-text' }, ...visibleNodes(state.reason)), // names of the broker's certificate are in it
      action && button(action.title, () => this.actions.run(action.command)),
      state.offersOlderVersion && button('Connect with MQTT 3.1.1', () => this.actions.useOlderVersion()),
    );
  }
}
