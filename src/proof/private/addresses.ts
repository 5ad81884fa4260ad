/** Returns true if a range covers the whole internet. */
export function isEverybody(cidr: string): boolean {
  return cidr === '0.0.0.0/0' || cidr === '::/0';
}

/** Returns true for the address that CDK uses for a group without egress, which nobody has. */
export function isNobody(cidr: string): boolean {
  return cidr === '255.255.255.255/32' || cidr === '::1/128';
}
