import * as http from 'node:http';
import { Task } from './task';

/** The ECS task metadata endpoint, version 4: the container at the URI itself, the task at `/task`. */
export function metadataEndpoint(find: (taskId: string) => Task | undefined): http.RequestListener {
  return (request, response) => {
    const [, , taskId, container, path] = (request.url ?? '').split('?')[0].split('/');
    const task = find(taskId ?? '');
    if (!task || !['', undefined, 'task'].includes(path)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('unknown task or path\n');
      return;
    }
    const containers = task.service.task.containers.map(({ name }) => describe(task, name));
    const body =
      path === 'task'
        ? {
            Cluster: task.service.cluster,
            ServiceName: task.service.label,
            TaskARN: task.arn,
            Family: task.service.task.family,
            Revision: '1',
            DesiredStatus: 'RUNNING',
            KnownStatus: 'RUNNING',
            AvailabilityZone: task.placement.zone,
            LaunchType: task.service.fargate ? 'FARGATE' : 'EC2',
            Containers: containers,
          }
        : containers.find(({ Name }) => Name === container);
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  };
}

function describe(task: Task, name: string) {
  return {
    DockerId: `${task.id}-${name}`,
    Name: name,
    DesiredStatus: 'RUNNING',
    KnownStatus: 'RUNNING',
    Labels: { 'com.amazonaws.ecs.task-arn': task.arn, 'com.amazonaws.ecs.container-name': name },
    Networks: [{ NetworkMode: task.service.task.networkMode, IPv4Addresses: [task.placement.address] }],
  };
}
