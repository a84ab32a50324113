// Editors of our own for files that VS Code shows badly or not at all.

export const CERTIFICATE_EDITOR = 'secureIot.certificate';

/** PEM texts that may be keys or anything else open as text; the editor is offered for them. */
export const customEditors = [
  {
    viewType: CERTIFICATE_EDITOR,
    displayName: 'Certificate',
    selector: ['crt', 'cer', 'der', 'p12', 'pfx', 'csr', 'crl'].map((ending) => ({ filenamePattern: `*.${ending}` })),
    priority: 'default',
  },
] as const;
