// The only file that knows @vscode/webview-ui-toolkit: registers its components and makes them. A successor goes here.
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { apply, type Child, type Props } from './dom';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

/** A control that holds a text. */
export interface ValueControl extends HTMLElement {
  value: string;
  disabled: boolean;
}

export interface CheckControl extends HTMLElement {
  checked: boolean;
  disabled: boolean;
}

export interface ButtonControl extends HTMLElement {
  disabled: boolean;
}

const make = <E extends HTMLElement>(tag: string, props: Props, children: readonly Child[] = []): E =>
  apply(document.createElement(tag) as E, props, children);

export function button(
  label: Child,
  onClick: () => void,
  options: Props & { readonly appearance?: 'primary' | 'secondary' | 'icon' } = {},
): ButtonControl {
  const { appearance = 'secondary', attrs, ...props } = options;
  const element = make<ButtonControl>('vscode-button', { ...props, attrs: { ...attrs, appearance } }, [label]);
  element.addEventListener('click', () => {
    if (!element.disabled) onClick();
  });
  return element;
}

/** `hideLabel` leaves the label to screen readers: the toolkit makes `aria-label` from it, over any other. */
export function textField(
  label: string,
  options: Props & { readonly placeholder?: string; readonly type?: 'password'; readonly hideLabel?: true } = {},
): ValueControl {
  const { placeholder, type, hideLabel, attrs, ...props } = options;
  const element = make<ValueControl>(
    'vscode-text-field',
    {
      ...props,
      attrs: { ...attrs, spellcheck: 'false', ...(placeholder ? { placeholder } : {}), ...(type ? { type } : {}) },
    },
    [label],
  );
  element.classList.toggle('label-hidden', hideLabel === true);
  return element;
}

export function textArea(
  label: string,
  rows: number,
  options: Props & { readonly placeholder?: string } = {},
): ValueControl {
  const { placeholder, attrs, ...props } = options;
  return make<ValueControl>(
    'vscode-text-area',
    { ...props, attrs: { ...attrs, rows, resize: 'vertical', ...(placeholder ? { placeholder } : {}) } },
    [label],
  );
}

export function checkbox(label: string, options: Props = {}): CheckControl {
  return make<CheckControl>('vscode-checkbox', options, [label]);
}

/** A dropdown of values with their labels. `setOptions` keeps the chosen value where it is still offered. */
export interface Dropdown extends ValueControl {
  setOptions(options: readonly (readonly [value: string, label: string])[]): void;
}

export function dropdown(label: string, options: readonly (readonly [string, string])[], props: Props = {}): Dropdown {
  const element = make<Dropdown>('vscode-dropdown', { ...props, attrs: { ...props.attrs, 'aria-label': label } });
  element.setOptions = (entries) => {
    const before = element.value;
    element.replaceChildren(...entries.map(([value, text]) => make('vscode-option', { attrs: { value } }, [text])));
    if (entries.some(([value]) => value === before)) element.value = before;
  };
  element.setOptions(options);
  return element;
}

export function progressRing(label: string): HTMLElement {
  return make('vscode-progress-ring', { attrs: { 'aria-label': label } });
}
