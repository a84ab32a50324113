// Names that a guided flow proposes, so that Enter is an answer.

/** "My Project" -> "My Project CA", shortened to what a common name may hold. */
export function proposeAuthorityName(project: string): string {
  const plain = project
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, 60);
  return `${plain || 'Workshop'} CA`;
}

/** The first of esp32-device-001, -002, … that is not taken. */
export function proposeDeviceName(taken: readonly string[]): string {
  const names = new Set(taken);
  for (let n = 1; ; n++) {
    const name = `esp32-device-${String(n).padStart(3, '0')}`;
    if (!names.has(name)) return name;
  }
}
