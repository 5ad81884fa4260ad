/** How long each part runs. */
export interface Plan {
  /** A B C A B C ...: how often each case of a comparison gets its turn, and for how long. */
  readonly rounds: number;
  readonly turnSeconds: number;
  /** Each step of the overload, and the calm after it. */
  readonly stepSeconds: number;
  readonly memorySeconds: number;
  readonly memoryEverySeconds: number;
  readonly profileSeconds: number;
}

export const FULL: Plan = {
  rounds: 7,
  turnSeconds: 5,
  stepSeconds: 15,
  memorySeconds: 600,
  memoryEverySeconds: 60,
  profileSeconds: 10,
};

export const QUICK: Plan = {
  rounds: 3,
  turnSeconds: 1,
  stepSeconds: 2,
  memorySeconds: 10,
  memoryEverySeconds: 1,
  profileSeconds: 3,
};

/** As many connections as a few load balancer nodes keep open to a task. */
export const CONNECTIONS = 32;

/** As many addresses as fit in the API's memory with ease. */
export const FEW = 200;

/** Offered load as a multiple of capacity; the last step is after the overload. */
export const STEPS = [0.5, 1, 1.5, 2, 0.5] as const;
