// The pane's document. Nothing may load but our own script and style: no remote address, no inline script.

/** Of an empty text: the toolkit makes one empty style element and fills it through the CSSOM. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

export interface ExplorerPage {
  readonly script: string;
  readonly style: string;
  /** The webview's own source, for example `https://*.vscode-cdn.net`. */
  readonly source: string;
  /** Fresh for each document. */
  readonly nonce: string;
}

export function explorerHtml({ script, style, source, nonce }: ExplorerPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}' ${EMPTY_STYLE}`,
    `font-src ${source}`,
    'img-src data:', // payloads that are images; nothing is fetched
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>MQTT Explorer</title>
<link rel="stylesheet" href="${style}" nonce="${nonce}">
</head>
<body>
<script src="${script}" nonce="${nonce}"></script>
</body>
</html>`;
}
