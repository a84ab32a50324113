// The connection form. Defaults are this workspace's broker and certificates, so that "Connect" just works.

import {
  type ConnectionProfile,
  DEFAULT_PORTS,
  type Identity,
  LOCAL_PROFILE,
  newProfile,
  PROTOCOLS,
  type Protocol,
  type Trust,
  usesTls,
} from '../../src/core/mqtt/connectionProfile';
import { BROKER_PRESETS } from '../../src/protocol/brokerPresets';
import type { ConnectionChoices } from '../../src/protocol/explorerModel';
import { h, setText } from '../dom';
import { button, dropdown, textField } from '../toolkit';
import { FileField } from './fileField';
import type { Host } from './host';
import { SecretField } from './secretField';
import { labelled, numberIn, SessionFields } from './sessionFields';

const PROTOCOL_LABELS: Readonly<Record<Protocol, string>> = {
  mqtts: 'mqtts — TLS',
  mqtt: 'mqtt — not encrypted',
  wss: 'wss — WebSocket over TLS',
  ws: 'ws — WebSocket, not encrypted',
};

/** crypto.randomUUID is missing where VS Code is served over plain HTTP (no secure context). */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class ConnectionForm {
  private readonly profiles = dropdown('Connection', []);
  private readonly name = textField('Name');
  private readonly protocol = dropdown(
    'Protocol',
    PROTOCOLS.map((p) => [p, PROTOCOL_LABELS[p]]),
  );
  private readonly address = textField('Host', { placeholder: 'broker.example.com' });
  private readonly port = textField('Port', { attrs: { inputmode: 'numeric' } });
  private readonly path = textField('WebSocket path');
  private readonly clientId = textField('Client ID', { placeholder: 'chosen for you' });
  private readonly username = textField('User name', { placeholder: 'none' });
  private readonly password = new SecretField('Password');
  private readonly trust = dropdown('Trusted certificate authority', []);
  private readonly authorityPath: FileField;
  private readonly identity = dropdown('Client certificate', []);
  private readonly certificatePath: FileField;
  private readonly keyPath: FileField;
  private readonly passphrase = new SecretField('Key passphrase');
  private readonly servername = textField('Server name (SNI)', { placeholder: 'same as host' });
  private readonly alpn = textField('ALPN', { placeholder: 'none' });
  private readonly session = new SessionFields();
  private readonly remove = button('Delete', () => {
    void this.host.act({ type: 'deleteProfile', profile: this.editing.id });
  });
  private readonly test = button('Test TLS', () => void this.testTls(), {
    title: 'Find out what the broker offers and whether boards can connect',
  });
  private readonly summary = h('p', { class: 'form-note' });
  private readonly problem = h('p', { class: 'form-problem', role: 'alert' });
  private readonly tlsSection: HTMLElement;
  /** What the fields said when they were filled in: what differs from it was typed. */
  private opened = '';
  /** How to fill in the preset that is open. */
  private advice = '';
  private choices: ConnectionChoices | undefined;
  private editing: ConnectionProfile = newProfile({ id: 'new' });
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    this.authorityPath = new FileField(host, 'Certificate authority file', 'authority');
    this.certificatePath = new FileField(host, 'Client certificate file', 'certificate');
    this.keyPath = new FileField(host, 'Private key file', 'key');
    this.tlsSection = h(
      'section',
      { class: 'form-section' },
      h('h2', {}, 'TLS'),
      h(
        'div',
        { class: 'fields' },
        labelled('Trust the broker by', this.trust),
        this.authorityPath.element,
        labelled('Client certificate', this.identity),
        this.certificatePath.element,
        this.keyPath.element,
        this.passphrase.element,
        this.servername,
        this.alpn,
      ),
    );
    this.element = h(
      'form',
      { class: 'connection-form', attrs: { 'aria-label': 'Connection' } },
      h('div', { class: 'form-head' }, labelled('Connection', this.profiles), this.summary),
      h(
        'section',
        { class: 'form-section' },
        h('h2', {}, 'Broker'),
        h(
          'div',
          { class: 'fields' },
          labelled('Protocol', this.protocol),
          h('div', { class: 'host-port' }, this.address, this.port),
          this.path,
          this.name,
          this.clientId,
          this.username,
          this.password.element,
        ),
      ),
      this.tlsSection,
      this.session.element,
      this.problem,
      h(
        'div',
        { class: 'form-buttons' },
        button('Connect', () => void this.connect(), { appearance: 'primary' }),
        button('Save', () => void this.save()),
        this.test,
        this.remove,
        button('Import…', () => void this.host.act({ type: 'run', command: 'secureIot.importConnections' }), {
          class: 'form-import',
          title: 'Take over connections of MQTT Explorer or MQTTX',
        }),
      ),
    );
    this.element.addEventListener('submit', (event) => event.preventDefault());
    this.element.addEventListener('keydown', (event) => {
      if (
        event.key === 'Enter' &&
        event.target instanceof HTMLElement &&
        event.target.localName === 'vscode-text-field'
      )
        void this.connect();
    });
    this.profiles.addEventListener('change', () => this.open(this.profiles.value));
    this.protocol.addEventListener('change', () => this.protocolChanged());
    for (const control of [this.trust, this.identity]) control.addEventListener('change', () => this.showRelevant());
  }

  /** Takes new choices; keeps what was typed unless `profile` names another one to open. */
  update(choices: ConnectionChoices, profile?: string): void {
    this.choices = choices;
    const { profiles, authority, devices } = choices;
    const { value: opened } = this.profiles;
    this.profiles.setOptions([
      ...profiles.map((p) => [p.id, p.name] as const),
      ['new', 'New connection…'],
      ...BROKER_PRESETS.map(({ name }) => [`new:${name}`, `New: ${name}…`] as const),
    ]);
    this.trust.setOptions([
      ['workspace', authority ? `Workspace authority: ${authority}` : 'Workspace authority (none yet)'],
      ['system', 'System authorities'],
      ['file', 'A file…'],
    ]);
    this.identity.setOptions([
      ['none', 'None'],
      ...devices.map((device) => [`device:${device}`, device] as const),
      ['file', 'A file…'],
    ]);
    if (profile !== undefined) this.open(profile);
    else if (this.editing.id === 'new') this.profiles.value = opened;
    else if (!profiles.some(({ id }) => id === this.editing.id)) this.open(profiles[0]?.id ?? 'new');
    else if (this.isTouched()) this.profiles.value = this.editing.id;
    else this.open(this.editing.id); // it may have changed: the local broker started on another port
    this.showRelevant();
  }

  /** Connects with what the form says and another version of MQTT, which is then part of the connection. */
  connectWith(version: ConnectionProfile['version']): void {
    this.session.useVersion(version);
    void this.connect();
  }

  focus(): void {
    this.address.focus();
  }

  private open(id: string): void {
    const known = this.choices?.profiles.find((profile) => profile.id === id);
    const preset = BROKER_PRESETS.find(({ name }) => id === `new:${name}`);
    this.editing = known ?? newProfile({ id: 'new', name: preset?.name ?? '', host: '', ...preset?.fields });
    this.advice = preset?.advice ?? '';
    const { editing } = this;
    this.profiles.value = known || preset ? id : 'new';
    this.name.value = editing.name;
    this.protocol.value = editing.protocol;
    this.address.value = editing.host;
    this.port.value = String(editing.port);
    this.path.value = editing.path;
    this.clientId.value = editing.clientId;
    this.username.value = editing.username;
    this.trust.value = editing.trust.type;
    this.authorityPath.value = editing.trust.type === 'file' ? editing.trust.path : '';
    const { identity } = editing;
    this.identity.value = identity.type === 'device' ? `device:${identity.name}` : identity.type;
    this.certificatePath.value = identity.type === 'file' ? identity.certificate : '';
    this.keyPath.value = identity.type === 'file' ? identity.key : '';
    this.servername.value = editing.servername;
    this.alpn.value = editing.alpn;
    this.session.open(editing);
    this.remove.hidden = !known;
    setText(this.remove, known?.id === LOCAL_PROFILE ? 'Reset' : 'Delete');
    this.clearSecrets();
    setText(this.problem, '');
    this.showRelevant();
    this.opened = this.written();
  }

  /** The fields as one text, to be compared. */
  private written(): string {
    return JSON.stringify([{ ...this.read(), id: '', subscriptions: [] }, this.password.value, this.passphrase.value]);
  }

  private isTouched(): boolean {
    return this.written() !== this.opened;
  }

  private clearSecrets(): void {
    const { id } = this.editing;
    this.password.open(this.choices?.withPassword.includes(id) === true);
    this.passphrase.open(this.choices?.withPassphrase.includes(id) === true);
  }

  private protocolChanged(): void {
    const ports: readonly string[] = Object.values(DEFAULT_PORTS).map(String);
    const protocol = this.chosenProtocol();
    if (this.port.value === '' || ports.includes(this.port.value)) this.port.value = String(DEFAULT_PORTS[protocol]);
    this.showRelevant();
  }

  private showRelevant(): void {
    const protocol = this.chosenProtocol();
    this.tlsSection.hidden = !usesTls(protocol);
    this.test.hidden = !usesTls(protocol);
    this.path.hidden = protocol !== 'ws' && protocol !== 'wss';
    this.authorityPath.element.hidden = this.trust.value !== 'file';
    for (const field of [this.certificatePath.element, this.keyPath.element, this.passphrase.element])
      field.hidden = this.identity.value !== 'file';
    const local = this.choices?.localBroker;
    setText(
      this.summary,
      this.advice !== ''
        ? this.advice
        : !this.choices?.authority && usesTls(protocol) && this.trust.value === 'workspace'
          ? 'No certificates in this workspace yet. Run "Secure IoT: Generate Certificates" for a broker of your own.'
          : local
            ? `The local TLS broker is running at ${local}.`
            : '',
    );
  }

  private chosenProtocol(): Protocol {
    return PROTOCOLS.find((p) => p === this.protocol.value) ?? 'mqtts';
  }

  private read(): ConnectionProfile {
    const host = this.address.value.trim();
    const isNew = this.editing.id === 'new';
    const saved = this.choices?.profiles.find(({ id }) => id === this.editing.id);
    return {
      ...this.editing,
      subscriptions: (saved ?? this.editing).subscriptions, // changed beside this form
      id: isNew ? newId() : this.editing.id,
      name: this.name.value.trim() || host,
      protocol: this.chosenProtocol(),
      host,
      port: numberIn(this.port.value, 0),
      path: this.path.value.startsWith('/') ? this.path.value : `/${this.path.value}`,
      clientId: this.clientId.value,
      username: this.username.value,
      trust: this.readTrust(),
      identity: this.readIdentity(),
      servername: this.servername.value.trim(),
      alpn: this.alpn.value.trim(),
      ...this.session.read(),
    };
  }

  private readTrust(): Trust {
    const { value } = this.trust;
    if (value === 'file') return { type: 'file', path: this.authorityPath.value };
    return { type: value === 'system' ? 'system' : 'workspace' };
  }

  private readIdentity(): Identity {
    const { value } = this.identity;
    if (value === 'file') return { type: 'file', certificate: this.certificatePath.value, key: this.keyPath.value };
    return value.startsWith('device:') ? { type: 'device', name: value.slice(7) } : { type: 'none' };
  }

  /** What is missing, in words, or undefined. */
  private missing(profile: ConnectionProfile): string | undefined {
    const { trust, identity } = profile;
    if (/[<>]/.test(profile.host)) return 'Replace the names in <brackets> by those of your own broker.';
    if (!profile.host) return 'Type the host name or the IP address of the broker.';
    if (!Number.isInteger(profile.port) || profile.port < 1 || profile.port > 65_535)
      return 'The port is a number from 1 to 65535. MQTT over TLS is usually on 8883.';
    if (trust.type === 'file' && !trust.path) return 'Pick the file of the certificate authority.';
    if (identity.type === 'file' && !(identity.certificate && identity.key))
      return 'Pick both files: the client certificate and its private key.';
    return undefined;
  }

  private async send(
    make: (
      profile: ConnectionProfile,
      password: string | null,
      passphrase: string | null,
    ) => Parameters<Host['act']>[0],
  ): Promise<void> {
    const profile = this.read();
    const missing = this.missing(profile);
    setText(this.problem, missing ?? '');
    if (missing) return;
    const done = await this.host.act(make(profile, this.password.value, this.passphrase.value));
    if (!done) return;
    this.editing = profile;
    this.clearSecrets();
    this.opened = this.written();
  }

  private connect(): Promise<void> {
    return this.send((profile, password, passphrase) => ({ type: 'connect', profile, password, passphrase }));
  }

  private save(): Promise<void> {
    return this.send((profile, password, passphrase) => ({ type: 'saveProfile', profile, password, passphrase }));
  }

  private testTls(): Promise<void> {
    return this.send((profile, password, passphrase) => ({ type: 'testTls', profile, password, passphrase }));
  }
}
