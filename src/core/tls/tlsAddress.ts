// The address of a TLS port as people write it.

/** `mqtts://host:port`, `host:port`, `[::1]` and the like; port 8883 when it is left out. Undefined for anything else. */
export function parseTlsAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:(?:mqtts|ssl|tls):\/\/)?(\[[0-9a-f:.]+\]|[^:/\s[\]@?#]+)(?::(\d{1,5}))?\/?$/i.exec(text.trim());
  const port = Number(match?.[2] ?? 8883);
  if (!match?.[1] || port < 1 || port > 65_535) return undefined;
  return { host: match[1].replace(/^\[(.*)\]$/, '$1'), port };
}
