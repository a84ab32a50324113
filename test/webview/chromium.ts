// Headless Chromium for tests of the pane.
import { type Browser, chromium } from 'playwright-core';
import { chromiumArgs, chromiumPath } from '../support/tools';

const executablePath = chromiumPath();

/** A reason to skip, or false. */
export const noChromium: string | false =
  executablePath === undefined ? 'chromium is not installed: run "node scripts/prepareMachine.mjs" as root' : false;

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ ...(executablePath ? { executablePath } : {}), args: chromiumArgs });
}
