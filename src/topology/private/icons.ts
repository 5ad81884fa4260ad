import { ComponentKind } from '../../core/topology-record';

/** The outline of each kind on a 24 x 24 grid. Kinds must be distinguishable without color. */
export const ICONS: Record<ComponentKind, string> = {
  [ComponentKind.INTERNET]: 'M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20M2 12h20M12 2c-6 5.5-6 14.5 0 20M12 2c6 5.5 6 14.5 0 20',
  [ComponentKind.DISTRIBUTION]:
    'M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2v6M12 16v6M2 12h6M16 12h6M5 5l4 4M15 15l4 4M19 5l-4 4M9 15l-4 4',
  [ComponentKind.LOAD_BALANCER]:
    'M2 12h8M10 12c4 0 4-7 8-7h4M10 12h12M10 12c4 0 4 7 8 7h4M19.5 2.5l2.5 2.5l-2.5 2.5M19.5 9.5l2.5 2.5l-2.5 2.5M19.5 16.5l2.5 2.5l-2.5 2.5',
  [ComponentKind.SERVICE]: 'M12 2l9 5v10l-9 5l-9-5v-10zM3 7l9 5l9-5M12 12v10',
  [ComponentKind.REDIS]: 'M12 2.5l10 4.5l-10 4.5l-10-4.5zM2 12l10 4.5l10-4.5M2 17l10 4.5l10-4.5',
  [ComponentKind.DATABASE]: 'M3 5.5c0-4.5 18-4.5 18 0s-18 4.5-18 0v13c0 4.5 18 4.5 18 0v-13M3 12c0 4.5 18 4.5 18 0',
  [ComponentKind.AWS_API]: 'M7 19a5 5 0 0 1-.5-10a6 6 0 0 1 11.5 1.5a4.3 4.3 0 0 1 0 8.5z',
  [ComponentKind.EXTERNAL]: 'M10 4h-7v17h17v-7M14 2.5h7.5v7.5M21.5 2.5l-10 10',
};
