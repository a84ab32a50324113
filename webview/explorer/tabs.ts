// Tabs after the WAI-ARIA pattern: arrows move, Home and End jump, one stop for the Tab key.
import { h } from '../dom';

export interface TabSpec<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly panel: HTMLElement;
}

export class Tabs<Id extends string> {
  readonly strip = h('div', { class: 'tabs', role: 'tablist' });
  readonly panels = h('div', { class: 'tab-panels' });
  private readonly buttons = new Map<Id, HTMLButtonElement>();
  private current: Id;

  constructor(
    label: string,
    private readonly tabs: readonly [TabSpec<Id>, ...TabSpec<Id>[]],
    private readonly onChange: (id: Id) => void = () => {},
  ) {
    this.strip.setAttribute('aria-label', label);
    this.current = tabs[0].id;
    for (const { id, label: text, panel } of tabs) {
      const button = h(
        'button',
        {
          class: 'tab',
          id: `tab-${id}`,
          role: 'tab',
          attrs: { type: 'button', 'aria-controls': `panel-${id}` },
          on: { click: () => this.show(id), keydown: (event) => this.move(event) },
        },
        text,
      );
      panel.id = `panel-${id}`;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', button.id);
      this.buttons.set(id, button);
      this.strip.append(button);
      this.panels.append(panel);
    }
    this.show(this.current);
  }

  get shown(): Id {
    return this.current;
  }

  show(id: Id): void {
    const changed = id !== this.current;
    this.current = id;
    for (const tab of this.tabs) {
      const selected = tab.id === id;
      const button = this.buttons.get(tab.id);
      button?.setAttribute('aria-selected', String(selected));
      if (button) button.tabIndex = selected ? 0 : -1;
      tab.panel.hidden = !selected;
    }
    if (changed) this.onChange(id);
  }

  private move(event: KeyboardEvent): void {
    const at = this.tabs.findIndex((tab) => tab.id === this.current);
    const last = this.tabs.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const target = this.tabs[targets[event.key] ?? -1];
    if (!target) return;
    event.preventDefault();
    this.show(target.id);
    this.buttons.get(target.id)?.focus();
  }
}
