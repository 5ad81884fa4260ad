import { EcsService } from './ecs-service';
import { Value } from '../../template/private/app-templates';

/** Images of programs that own their files: databases, caches and brokers. */
const STORE =
  /(?:^|[/-])(redis|redis-stack|redis-stack-server|valkey|postgres|postgresql|mysql|mariadb|mongo|mongodb|rabbitmq)(?:[:@]|$)/;

/** Names of the volumes on which a container keeps the files of a store. */
export function storeVolumes(service: EcsService): string[] {
  const stores = service.containers.filter((container) => STORE.test(container.at('Image').pattern));
  return stores.flatMap((container) => writableVolumes(container));
}

function writableVolumes(container: Value): string[] {
  return container
    .at('MountPoints')
    .items.filter((mount) => !mount.at('ReadOnly').isTrue)
    .map((mount) => mount.at('SourceVolume').text)
    .filter((name): name is string => name !== undefined);
}
