/** A value that only a deployment knows, and what a cost report took in its place. */
export interface UnknownValue {
  /** Construct path of the resource and name of the property, such as `Shop/Database.AllocatedStorage`. */
  readonly path: string;

  /** Why the template does not say it, such as `parameter Size of Shop has no default`. */
  readonly reason: string;

  /** What the report counts instead, such as `20` or `the dearest`. */
  readonly taken: string;
}
