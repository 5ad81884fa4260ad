import { EcsService } from './ecs-service';
import { Value } from '../../template/private/app-templates';

/** Images of programs that own their files: databases, caches and message brokers. */
const STORE =
  /(?:^|[/-])(redis|redis-stack|redis-stack-server|valkey|postgres|postgresql|mysql|mariadb|mongo|mongodb|rabbitmq)(?:[:@]|$)/;

/** Returns the names of the volumes on which a container stores the files of a data store. */
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
