// The log: one LogOutputChannel, named children, redaction in one place.
import * as vscode from 'vscode';
import { redact } from '../core/redact';

export class Log {
  constructor(
    private readonly channel: vscode.LogOutputChannel,
    private readonly name = '',
  ) {}

  static create(): Log {
    return new Log(vscode.window.createOutputChannel('Secure IoT', { log: true }));
  }

  child(name: string): Log {
    return new Log(this.channel, name);
  }

  info(message: string): void {
    this.channel.info(this.line(message));
  }

  warn(message: string): void {
    this.channel.warn(this.line(message));
  }

  error(message: string): void {
    this.channel.error(this.line(message));
  }

  debug(message: string): void {
    this.channel.debug(this.line(message));
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }

  private line(message: string): string {
    return redact(this.name ? `[${this.name}] ${message}` : message);
  }
}
