// Edits of decoded errors in VS Code: the view, the hover, the page and the command, on a project in the workspace.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import type { Finding } from '../../../src/core/decode/finding';
import { activate } from '../../../src/extension';
import { DeviceErrorStore } from '../../../src/host/decoding/deviceErrorStore';
import { DeviceErrorsView } from '../../../src/host/decoding/deviceErrorsView';
import { ProjectRepairs } from '../../../src/host/decoding/projectRepairs';
import { writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { Position } from '../../support/vscode/values';

const OVERFLOW = '***ERROR*** A stack overflow in task main has been detected.';
const SDKCONFIG = 'CONFIG_IDF_INIT_VERSION="5.3.1"\nCONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\n';
const RAISED = SDKCONFIG.replace('3584', '7168');
const REVIEW = /: review/;
const TITLE = 'Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE from 3584 to 7168 in sdkconfig';

describe('the edit that mends a decoded error', () => {
  const context = fake.context();
  let folder: string;
  let person: Person;
  const run = (id: string, options: unknown) => fake.commands.get(`secureIot.${id}`)?.(options);
  const findingOf = (line: string): Finding => {
    const [finding] = createDecoder({ platform: 'esp-idf' }).next(line);
    return finding as Finding;
  };
  const repairs = () => findingOf(OVERFLOW).explanation.fixes.find((fix) => fix.repairs)?.repairs;
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  /** The rows of one error in the view, as items. */
  const rowsOf = async (finding: Finding): Promise<any[]> => {
    const store = new DeviceErrorStore();
    store.record('COM3', finding, OVERFLOW, 1);
    const view = new DeviceErrorsView(store, new ProjectRepairs());
    const [row] = (await view.getChildren()) as any[];
    const rows = await view.getChildren(row);
    view.dispose();
    return rows.map((one) => view.getTreeItem(one));
  };
  const page = async (): Promise<string> => {
    const uri: any = fake.ran.findLast(({ id }) => id.startsWith('markdown.'))?.args[0];
    return (await fake.documents.providers.get(uri.scheme)?.provideTextDocumentContent(uri)) ?? '';
  };

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('error-fixes');
    person = fake.open(folder);
    await writeFiles({ 'board/sdkconfig': SDKCONFIG }, folder);
  });

  it('is a button of the view where a project needs it, and plain advice where none does', async () => {
    const edit = (await rowsOf(findingOf(OVERFLOW))).find(({ contextValue }) => contextValue === 'deviceErrorEdit');
    assert.equal(edit?.label, TITLE);
    assert.match(edit.tooltip, /more stack[\s\S]*before it is made/);
    assert.equal(edit.command.command, 'secureIot.applyErrorFix');
    await writeFiles({ 'board/sdkconfig': SDKCONFIG.replace('3584', '40000') }, folder);
    const rows = await rowsOf(findingOf(OVERFLOW));
    assert.deepEqual(
      rows.filter(({ contextValue }) => contextValue === 'deviceErrorEdit'),
      [],
    );
    assert.ok(rows.some(({ label, contextValue }) => contextValue === 'deviceErrorAdvice' && /more stack/.test(label)));
  });

  it('is shown first, then made and saved; the way on is to build and to flash', async () => {
    person.press(/^Done: Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE/, 'Flash Board');
    person.answers(REVIEW, 'Make this change');
    await run('applyErrorFix', { repairs: repairs() });
    assert.equal(read('board/sdkconfig'), RAISED);
    const [title, rows] = (fake.ran.findLast(({ id }) => id === 'vscode.changes')?.args ?? []) as any[];
    assert.equal(title, TITLE);
    assert.deepEqual(
      rows.map(([, before]: any[]) => before.fsPath),
      [join(folder, 'board/sdkconfig')],
    );
    assert.match((await person.sees(/^Done:/)).buttons.join(), /Build Firmware,Flash Board/);
    assert.ok(fake.ran.some(({ id }) => id === 'secureIot.flashBoard'));
  });

  it('takes what is typed but not saved for what the file says', async () => {
    const document = await fake.documents.get(join(folder, 'board/sdkconfig'), (path) =>
      (context.extensionUri as any).with({ path }),
    );
    document.change(document.lineAt(0).range, '# typed');
    person.answers(REVIEW, 'Make this change');
    await run('applyErrorFix', { repairs: repairs() });
    assert.match(read('board/sdkconfig'), /^# typed\nCONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\n$/);
    await person.sees(/No project in this workspace needs this change/); // no version, so no ESP-IDF project any more
  });

  it('asks which project, when two need it, and changes only that', async () => {
    await writeFiles({ 'other/sdkconfig': SDKCONFIG }, folder);
    person.answers(/which project/, 'other').answers(REVIEW, 'Make this change');
    await run('applyErrorFix', { repairs: repairs() });
    assert.equal(read('board/sdkconfig'), SDKCONFIG);
    assert.equal(read('other/sdkconfig'), RAISED);
    person.wasAskedEverything();
  });

  it('says so when nothing needs the change any more, and touches nothing', async () => {
    writeFileSync(join(folder, 'board/sdkconfig'), SDKCONFIG.replace('3584', '65536'));
    await run('applyErrorFix', { repairs: repairs() });
    await person.sees(/it is made already, or the place for it was not found/);
    assert.match(read('board/sdkconfig'), /65536/);
  });

  it('is a link in the hover, which may run that command and no other', async () => {
    await writeFiles({ 'board.log': `${OVERFLOW}\n` }, folder);
    const opened = await fake.documents.get(join(folder, 'board.log'), (path) =>
      (context.extensionUri as any).with({ path }),
    );
    const hover = await fake.hovers[0].provideHover(opened, new Position(0, OVERFLOW.indexOf('stack overflow')));
    const [markdown] = [hover.contents].flat();
    assert.deepEqual(markdown.isTrusted, { enabledCommands: ['secureIot.applyErrorFix'] });
    const link = /\]\(command:secureIot\.applyErrorFix\?([^)]*)\)/.exec(markdown.value)?.[1] ?? '';
    person.answers(REVIEW, 'Make this change');
    await run('applyErrorFix', JSON.parse(decodeURIComponent(link))[0]);
    assert.equal(read('board/sdkconfig'), RAISED);
  });

  it('is named on the page of the error, and offered beside it', async () => {
    person.press(/StackOverflow: a change of your project may mend this/, 'Show Edit');
    person.answers(REVIEW, 'Make this change');
    await run('explainErrorCode', { finding: findingOf(OVERFLOW) });
    assert.match(await page(), /Edit: Raise CONFIG\\_ESP\\_MAIN/);
    await person.sees(/^Done:/);
    assert.equal(read('board/sdkconfig'), RAISED);
  });

  it('is chosen from a list where there are several', async () => {
    const memory = '# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set\n# CONFIG_MBEDTLS_EXTERNAL_MEM_ALLOC is not set\n';
    await writeFiles({ 'board/sdkconfig': `${SDKCONFIG}CONFIG_SPIRAM=y\n${memory}` }, folder);
    person.press(/2 changes of your project may mend this/, 'Choose an Edit').accepts(/which edit/);
    person.answers(REVIEW, 'Make this change');
    await run('explainErrorCode', { finding: findingOf('E (9) esp-tls: mbedtls_ssl_setup returned -0x7F00') });
    await person.sees(/^Done: Set CONFIG_MBEDTLS_DYNAMIC_BUFFER=y/);
    assert.match(read('board/sdkconfig'), /^CONFIG_MBEDTLS_DYNAMIC_BUFFER=y$/m);
  });
});
