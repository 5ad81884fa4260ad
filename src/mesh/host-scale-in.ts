/** How a group of container hosts gets smaller. */
export enum HostScaleIn {
  /**
   * The group ends any host, and ECS moves the tasks of that host before: managed draining stops them as a deployment would, and the host ends
   * afterwards. Tasks with task scale-in protection are waited for.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html
   */
  DRAIN = 'DRAIN',

  /**
   * ECS ends a host only when no task runs on it: managed termination protection, and every new host is protected from scale-in. For tasks that
   * are not to be moved for the sake of a smaller group.
   *
   * Hosts keep the flag when the capacity provider is gone, and a protected host keeps CloudFormation from deleting the group: deploy once with
   * `DRAIN` before you delete the stack or the group, upon which ECS takes the flags away. With `removalPolicy: DESTROY` of the mesh nothing is
   * protected.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
   */
  WHEN_EMPTY = 'WHEN_EMPTY',
}
