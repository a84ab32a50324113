// The pane in a real page: its own document and policy, a host in Node at the other end of the RPC.
import type { Browser, Page } from 'playwright-core';
import { explorerHtml } from '../../src/host/explorer/explorerHtml';
import { type HostSide, type PaneSide, paneRequest } from '../../src/protocol/explorerMessages';
import { type Handlers, Rpc } from '../../src/protocol/rpc';
import type { PaneBundle } from './paneBundle';
import { type Theme, themeStyle } from './themes';

const ORIGIN = 'http://pane.test';

export interface Pane {
  readonly page: Page;
  readonly rpc: Rpc<HostSide, PaneSide>;
  /** What the page or its policy complained about, and what was asked of the network. */
  readonly complaints: string[];
}

export async function openPane(
  browser: Browser,
  bundle: PaneBundle,
  handlers: Handlers<PaneSide>,
  options: { readonly theme?: Theme; readonly width?: number; readonly height?: number } = {},
): Promise<Pane> {
  const { theme = 'dark', width = 1200, height = 760 } = options;
  const page = await browser.newPage({ viewport: { width, height } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  const html = explorerHtml({
    script: `${ORIGIN}/explorer.js`,
    style: `${ORIGIN}/explorer.css`,
    source: ORIGIN,
    nonce: 'test',
  });
  const files: Readonly<Record<string, { body: string; contentType: string }>> = {
    '/': { body: html, contentType: 'text/html; charset=utf-8' },
    '/explorer.js': { body: bundle.script, contentType: 'text/javascript; charset=utf-8' },
    '/explorer.css': { body: `${themeStyle(theme)}\n${bundle.style}`, contentType: 'text/css; charset=utf-8' },
  };
  await page.route('**', (route) => {
    const url = new URL(route.request().url());
    const file = url.origin === ORIGIN ? files[url.pathname] : undefined;
    if (file) return route.fulfill(file);
    if (url.pathname !== '/favicon.ico') complaints.push(`asked for ${url.href}`);
    return route.abort();
  });
  const rpc = new Rpc<HostSide, PaneSide>({
    post: (message) => {
      void page.evaluate((data) => window.postMessage(data, '*'), message).catch(() => {});
    },
    parseRequest: (value) => paneRequest(value, 'request'),
    parseEvent: () => {
      throw new Error('the pane tells nothing');
    },
    handlers,
    onEvent: () => {},
    onBug: (error) => complaints.push(String(error)),
  });
  await page.exposeFunction('toHost', (message: unknown) => rpc.receive(message));
  await page.addInitScript(`
    window.acquireVsCodeApi = () => ({ postMessage: (message) => { void window.toHost(message); } });
  `);
  await page.goto(`${ORIGIN}/`);
  await page.waitForSelector('.app');
  return { page, rpc, complaints };
}
