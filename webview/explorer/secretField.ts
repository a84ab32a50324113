// A password that is typed once: the host keeps it and never sends it back, so the field only says that one is stored.
import { h } from '../dom';
import { icon } from '../icons';
import { button, textField } from '../toolkit';

export class SecretField {
  private readonly field: ReturnType<typeof textField>;
  private readonly forget: ReturnType<typeof button>;
  private stored = false;
  private forgotten = false;
  readonly element: HTMLElement;

  constructor(private readonly label: string) {
    this.field = textField(label, { type: 'password' });
    this.forget = button(icon('trash'), () => this.toggle(), { appearance: 'icon' });
    this.element = h('div', { class: 'file-field' }, this.field, this.forget);
    this.field.addEventListener('input', () => {
      if (this.field.value !== '' && this.forgotten) this.toggle();
    });
    this.open(false);
  }

  /** Empties the field; `stored`: the host keeps one. */
  open(stored: boolean): void {
    this.field.value = '';
    this.stored = stored;
    this.forgotten = false;
    this.show();
  }

  /** Null keeps what is stored, an empty text forgets it. */
  get value(): string | null {
    if (this.field.value !== '') return this.field.value;
    return this.forgotten ? '' : null;
  }

  private toggle(): void {
    this.forgotten = !this.forgotten;
    if (this.forgotten) this.field.value = '';
    this.show();
  }

  private show(): void {
    const { label, stored, forgotten } = this;
    const says = forgotten ? 'forgotten with Save or Connect' : stored ? 'stored; type to replace' : 'none';
    this.field.setAttribute('placeholder', says);
    const does = `${forgotten ? 'Keep' : 'Forget'} the stored ${label.toLowerCase()}`;
    this.forget.hidden = !stored;
    this.forget.title = does;
    this.forget.setAttribute('aria-label', does);
  }
}
