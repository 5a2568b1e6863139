// Writes settings as TOML: scalars first, then every table inline.

/** The settings of one file. */
export function toml(settings) {
  const lines = Object.entries(settings).filter(([, value]) => value !== undefined);
  return lines.map(([key, value]) => `${key} = ${inline(value)}\n`).join('');
}

function inline(value) {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{ ${members.map(([key, member]) => `${name(key)} = ${inline(member)}`).join(', ')} }`;
  }
  // Strings of JSON are strings of TOML, but for DEL.
  return JSON.stringify(value);
}

function name(key) {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
