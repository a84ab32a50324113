// CSV as spreadsheets and Python's csv module write it: quoted fields, doubled quotes, line ends inside quotes.

export interface CsvRow {
  readonly fields: string[];
  /** Where the row begins: ends of lines (LF) before it. */
  readonly line: number;
}

/** Rows of fields; empty lines are left out. */
export function parseCsv(text: string): string[][] {
  return parseCsvRows(text).map(({ fields }) => fields);
}

/** The same with their lines. */
export function parseCsvRows(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let line = 0;
  let startLine = 0;
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let started = false;
  const endRow = () => {
    if (started || row.length > 0) rows.push({ fields: [...row, field], line: startLine });
    row = [];
    field = '';
    started = false;
    startLine = line;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '\n') line++;
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (char === '"' && field === '') {
      quoted = true;
      started = true;
    } else if (char === ',') {
      row.push(field);
      field = '';
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[i + 1] === '\n') {
        i++;
        line++;
      }
      endRow();
    } else {
      field += char;
      started = true;
    }
  }
  endRow();
  return rows;
}

export function formatCsvField(field: string): string {
  return /[",\r\n]/.test(field) || field.startsWith('#') ? `"${field.replaceAll('"', '""')}"` : field;
}
