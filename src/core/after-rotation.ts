/** The way in which the clients of a rotated secret get its new value. */
export enum AfterRotation {
  /** The service is redeployed, because its code reads the value once, at the start of a task. */
  REDEPLOY = 'redeploy',
  /** The code reads the secret again when authentication fails. Nothing is redeployed. */
  READ_AGAIN = 'read-again',
}
