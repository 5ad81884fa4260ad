/** Specifies how a group of container hosts scales in. */
export enum HostScaleIn {
  /**
   * The group can terminate any host after its tasks have moved: managed draining stops them as a deployment would, and the host is
   * terminated afterwards. Tasks with task scale-in protection are not interrupted.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instance-draining.html
   */
  DRAIN = 'DRAIN',

  /**
   * ECS terminates a host only when it runs no tasks, with managed termination protection: every new host is protected from scale-in. Use
   * it for tasks that must not be moved by scale-in.
   *
   * Hosts keep the flag when the capacity provider is deleted, and a protected host prevents CloudFormation from deleting the group: deploy
   * once with `DRAIN` before you delete the stack or the group, so that ECS removes the flags. With `removalPolicy: DESTROY` of the mesh,
   * no host is protected.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html
   */
  WHEN_EMPTY = 'WHEN_EMPTY',
}
