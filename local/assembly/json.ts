/** A template is JSON before and after its intrinsic functions are evaluated. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** CloudFormation hands every scalar to a string property as text. */
export function text(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
