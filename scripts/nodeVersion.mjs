// Imported first by what people run: an older Node is refused in one line, with the way to a newer one.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const wanted = engines.node.replace('>=', '');
const [major, minor] = wanted.split('.').map(Number);
const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
if (hasMajor < major || (hasMajor === major && hasMinor < minor)) {
  console.error(
    `This needs Node.js ${wanted} or newer, and ${process.execPath} is ${process.version}. Install one, for example: npm install --global node@${major}`,
  );
  process.exit(2);
}
