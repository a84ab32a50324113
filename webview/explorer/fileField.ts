// A path with a button that asks VS Code for the file.
import { h } from '../dom';
import { icon } from '../icons';
import { button, textField } from '../toolkit';
import type { Host } from './host';

export class FileField {
  private readonly field: ReturnType<typeof textField>;
  readonly element: HTMLElement;

  constructor(
    private readonly host: Host,
    label: string,
    private readonly purpose: 'authority' | 'certificate' | 'key' | 'payload',
  ) {
    this.field = textField(label, { placeholder: 'path' });
    const browse = button(icon('goToFile'), () => void this.pick(), {
      appearance: 'icon',
      title: 'Browse…',
      attrs: { 'aria-label': `Browse for ${label.toLowerCase()}` },
    });
    this.element = h('div', { class: 'file-field' }, this.field, browse);
  }

  get value(): string {
    return this.field.value.trim();
  }

  set value(path: string) {
    this.field.value = path;
  }

  private async pick(): Promise<void> {
    const path = await this.host.ask({ type: 'pickFile', purpose: this.purpose }).catch(() => null);
    if (path !== null) this.value = path;
  }
}
