// The contrast of the texts on a page (WCAG 2.1, 1.4.3), from the colours that Chromium computed.
import type { Page } from 'playwright-core';

/** The texts below `least` to one, with their ratio. Placeholders and what is switched off are not asked. */
export async function lowContrast(page: Page, least: number): Promise<readonly string[]> {
  await page.evaluate('globalThis.__name = (named) => named'); // the compiler's, round each function that has a name
  return page.evaluate((limit) => {
    type Colour = readonly [number, number, number, number];
    const parse = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const over = (top: Colour, below: Colour): Colour => {
      const mix = (i: 0 | 1 | 2) => top[i] * top[3] + below[i] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const parentOf = (element: Element): Element | null => {
      const root = element.getRootNode();
      return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
    };
    const behind = (element: Element | null): Colour => {
      if (!element)
        return parse(
          getComputedStyle(document.documentElement)
            .getPropertyValue('--vscode-editor-background')
            .replace(/^#(..)(..)(..)$/, (_, r, g, b) => [r, g, b].map((x) => Number.parseInt(x, 16)).join(' ')),
        );
      const own = parse(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, behind(parentOf(element)));
    };
    const luminance = ([r, g, b]: Colour): number => {
      const linear = (value: number) => (value <= 10.3 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    };
    const found = new Map<string, string>();
    const visit = (root: Document | ShadowRoot): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) visit(element.shadowRoot);
        const text = [...element.childNodes]
          .filter((node) => node.nodeType === 3)
          .map((node) => node.nodeValue)
          .join('')
          .trim();
        if (
          !text ||
          !element.checkVisibility({ visibilityProperty: true }) ||
          element.closest('[disabled], style, script, option')
        )
          continue;
        const background = behind(element);
        let opacity = 1;
        for (let at: Element | null = element; at; at = parentOf(at)) opacity *= Number(getComputedStyle(at).opacity);
        const [r, g, b, a] = parse(getComputedStyle(element).color);
        const [one, two] = [luminance(over([r, g, b, a * opacity], background)), luminance(background)];
        const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        if (ratio < limit)
          found.set(
            `${element.localName}.${element.className}`,
            `${ratio.toFixed(2)} ${element.localName}.${element.className} "${text.slice(0, 40)}"`,
          );
      }
    };
    visit(document);
    return [...found.values()];
  }, least);
}
