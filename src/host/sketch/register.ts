// Registers New Secure Sketch…, Secure This Sketch… and Build Firmware…; what they do is loaded when they run.
import * as vscode from 'vscode';
import type { CommandRegistrar } from '../commands';
import type { NewSketchOptions } from './newSketch';
import type { SecureSketchOptions } from './secureThisSketch';

/** As declared in contributions/tasks.ts. */
const TASK_TYPE = 'secure-iot';

export function registerSketch(context: vscode.ExtensionContext, commands: CommandRegistrar): void {
  commands.register('secureIot.newSketch', async (options) => {
    const { newSketch } = await import('./newSketch');
    const templates = vscode.Uri.joinPath(context.extensionUri, 'firmware-templates').fsPath;
    return newSketch(templates, options as NewSketchOptions | undefined);
  });
  commands.register('secureIot.secureSketch', async (options) => {
    const { secureThisSketch } = await import('./secureThisSketch');
    return secureThisSketch((options ?? {}) as SecureSketchOptions);
  });
  commands.register('secureIot.buildFirmware', async (options) => {
    const { buildFirmware } = await import('./buildSketch');
    return buildFirmware((options ?? {}) as { readonly folder?: string });
  });
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider(TASK_TYPE, {
      provideTasks: async () => (await import('./buildSketch')).provideTasks(),
      resolveTask: async (task) => (await import('./buildSketch')).resolveTask(task),
    }),
  );
}
