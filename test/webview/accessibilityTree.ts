// What a screen reader is given: Chromium's accessibility tree, a line for each thing that is not mere text.
import type { Page } from 'playwright-core';

interface Value {
  readonly value?: unknown;
}

interface AxNode {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly role?: Value;
  readonly name?: Value;
  readonly childIds?: readonly string[];
  readonly properties?: readonly { readonly name: string; readonly value: Value }[];
}

export interface Spoken {
  readonly role: string;
  readonly name: string;
  /** `level`, `expanded`, `selected`, `checked`, `live`, … as far as they are told. */
  readonly states: Readonly<Record<string, unknown>>;
  /** All text in it, in the reader's order. */
  readonly text: string;
}

/** In the order in which a reader comes to it. */
export async function spoken(page: Page): Promise<readonly Spoken[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: readonly AxNode[] };
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const said: Spoken[] = [];
  const textOf = (node: AxNode): string => {
    if (node.role?.value === 'StaticText') return String(node.name?.value ?? '');
    return (node.childIds ?? []).map((id) => (byId.has(id) ? textOf(byId.get(id) as AxNode) : '')).join(' ');
  };
  const visit = (node: AxNode): void => {
    const role = String(node.role?.value ?? '');
    if (!node.ignored && !/^(generic|none|StaticText|InlineTextBox|LineBreak)$/.test(role)) {
      const states = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
      said.push({ role, name: String(node.name?.value ?? ''), states, text: textOf(node).replace(/\s+/g, ' ').trim() });
    }
    for (const id of node.childIds ?? []) {
      const child = byId.get(id);
      if (child) visit(child);
    }
  };
  const [root] = nodes;
  if (root) visit(root);
  return said;
}
