// Which names of C, C++ and sdkconfig code are not its own: the calls, types, macros, fields and headers that a core, a
// library or the SDK must have. Found by the text alone, so a name that merely looks foreign is listed too.
const KEYWORDS = new Set(
  (
    'alignas asm auto bool break case char class const constexpr continue default defined delete do double else enum ' +
    'explicit extern false float for if include inline int long mutable namespace new nullptr operator private public ' +
    'return short signed sizeof static static_cast reinterpret_cast struct switch template this true typedef typename ' +
    'union unsigned using virtual void volatile while override final noexcept'
  ).split(' '),
);

/** The code without comments, literals and slots. */
function bare(text: string): string {
  return text
    .replace(/\{\{\w+\|\w+\}\}/g, '0')
    .replace(/R"(\w*)\([\s\S]*?\)\1"/g, '""')
    .replace(/\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\//g, (found) =>
      found.startsWith('/') ? ' ' : '""',
    );
}

/** `name`, `name = …` and `name[…]` of a list of declarators, split at the commas outside brackets. */
function declarators(list: string): string[] {
  let depth = 0;
  let part = '';
  const parts: string[] = [];
  for (const letter of `${list},`) {
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter)) depth--;
    if (letter !== ',' || depth > 0) {
      part += letter;
      continue;
    }
    parts.push(part.replace(/^[\s*&]+/, '').replace(/\W[\s\S]*$/, ''));
    part = '';
  }
  return parts;
}

const TYPE = String.raw`(?!(?:return|delete|else|case|goto|new|operator|using|static|const|inline|constexpr|explicit|extern|struct|mutable|typedef)\b)(?:unsigned\s+(?:int|char|long)|[A-Za-z_]\w*(?:::\w+)*)`;
const QUALIFIED = String.raw`(?:(?:static|const|inline|constexpr|explicit|extern|struct|mutable|typedef)\s+)*`;

/** What the code itself declares, each with its type: functions, variables, parameters, members; macros and types with ''. */
function ownNames(code: string): Map<string, string> {
  const own = new Map<string, string>();
  const add = (names: Iterable<string | undefined>, type = ''): void => {
    for (const name of names) if (name) own.set(name, type);
  };
  for (const [, name, parameters = ''] of code.matchAll(/#define\s+(\w+)(?:\(([^)]*)\))?/g)) {
    add([name, ...parameters.split(/\W+/)]);
  }
  for (const [, name] of code.matchAll(/\b(?:class|struct)\s+(\w+)\s*[{:]/g)) add([name]);
  for (const [, name] of code.matchAll(/\busing\s+(\w+)\s*=/g)) add([name]);
  for (const [, name] of code.matchAll(/\}\s*(\w+)\s*;/g)) add([name]);
  for (const [, name] of code.matchAll(/\(\w+::\*(\w+)\)/g)) add([name]);
  for (const [, name, list = ''] of code.matchAll(/\benum\s*(\w*)\s*\{([^}]*)\}/g)) add([name, ...declarators(list)]);
  // Parameters and functions: `TYPE name` before one of , ) ( = :
  const single = new RegExp(
    String.raw`(?:[(,]|[;{}>]|^)\s*${QUALIFIED}(${TYPE})(?:\s+const)?(?:\s*[*&]+\s*|\s+)(\w+)(?=\s*(?:[,)(=[{]|:(?!:)))`,
    'gm',
  );
  for (const [, type, name] of code.matchAll(single)) add([name], type);
  // Variables and members: `TYPE a, *b = 1;`
  const list = new RegExp(
    String.raw`(?:[;{}:(]|^)\s*${QUALIFIED}(${TYPE})(?:\s+const)?(\s*[*&]+\s*|\s+)(\w[^;{}]*)(?=[;{])`,
    'gm',
  );
  for (const [, type, , names = ''] of code.matchAll(list)) add(declarators(names), type);
  return own;
}

/** The headers, and every other name, that `files` (path and text) use and do not declare. Paths in includes as written. */
export function foreignNames(files: ReadonlyMap<string, string>): Set<string> {
  const names = new Set([...files.keys()].map((path) => path.split('/').at(-1)));
  const codes = [...files.values()].map((text) => ({
    headers: [...text.matchAll(/^\s*#\s*include\s+[<"]([^>"]+)[>"]/gm)].map(([, header = '']) => header),
    code: bare(text).replace(/^[ \t]*#[ \t]*(?:include|error|pragma)\b.*$/gm, ''),
  }));
  const owns = codes.map(({ code }) => ownNames(code));
  const own = new Map(owns.flatMap((each) => [...each]));
  const found = new Set(codes.flatMap(({ headers }) => headers).filter((header) => !names.has(header)));
  for (const { code } of codes) {
    const words = code.replace(/<[\w./]+\.h>|^[ \t]*#[ \t]*\w+/gm, ' ');
    for (const [word] of words.matchAll(/(?<![\w'])[A-Za-z_]\w*\b/g)) {
      if (!KEYWORDS.has(word) && !own.has(word)) found.add(word);
    }
  }
  // A method that has the name of one of its own is foreign where its object is.
  const typeOf = (name: string, here: ReadonlyMap<string, string>): string =>
    (here.get(name) ?? own.get(name) ?? name).replace(/^.*::/, '');
  codes.forEach(({ code }, i) => {
    for (const [, object = '', method = ''] of code.matchAll(/\b(\w+)(?:\(\))?(?:\.|->)(\w+)\s*\(/g)) {
      if (own.has(method) && found.has(typeOf(object, owns[i] ?? own))) found.add(method);
    }
  });
  return found;
}
