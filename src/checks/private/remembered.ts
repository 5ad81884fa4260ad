/** Calculates a value once for each key, for as long as the key is in use. */
export function remembered<K extends object, V>(calculate: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key) ?? { value: calculate(key) };
    known.set(key, found);
    return found.value;
  };
}
