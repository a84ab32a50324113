// Frames of a crash as a Markdown list whose places open in the editor.
import * as vscode from 'vscode';
import { type Frame, frameText } from '../../core/decode/backtrace';
import { escapeMarkdown } from '../../core/escapeMarkdown';

/** One numbered line a frame, the latest first. */
export function frameLinks(frames: readonly Frame[]): string {
  return frames.map((frame) => `1. ${frameLink(frame)}`).join('\n');
}

function frameLink(frame: Frame): string {
  const text = escapeMarkdown(frameText(frame));
  if (!frame.file) return text;
  const place = vscode.Uri.file(frame.file).with({ fragment: `L${frame.line}` });
  return `[${text}](${place.toString(true).replace(/[()\s]/g, encodeURIComponent)})`;
}
