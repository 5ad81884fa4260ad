/** A value that is known only at deployment, and the value that a cost report uses instead. */
export interface UnknownValue {
  /** The construct path of the resource and the name of the property, such as `Shop/Database.AllocatedStorage`. */
  readonly path: string;

  /** The reason why the template does not contain the value, such as `parameter Size of Shop has no default`. */
  readonly reason: string;

  /** The value that the report uses instead, such as `20` or `the most expensive`. */
  readonly taken: string;
}
