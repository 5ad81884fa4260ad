/** The access of a service to the messages of a queue. */
export enum QueueAccess {
  /** Send messages. */
  SEND = 'send',
  /** Receive and delete messages, change their visibility, and read the attributes of the queue. */
  CONSUME = 'consume',
}
