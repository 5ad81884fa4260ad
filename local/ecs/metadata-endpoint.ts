import * as http from 'node:http';
import { Task } from './task';
import { ContainerPlan } from './task-definition';

const CPU_UNITS = 1024;

/** The ECS task metadata endpoint, version 4: the container at the URI itself, the task at `/task`. */
export function metadataEndpoint(find: (taskId: string) => Task | undefined): http.RequestListener {
  return (request, response) => {
    const [, , taskId, container, path] = (request.url ?? '').split('?')[0].split('/');
    const task = find(taskId ?? '');
    if (!task || !['', undefined, 'task'].includes(path)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('unknown task or path\n');
      return;
    }
    const containers = task.service.task.containers.map((plan) => describe(task, plan));
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
            Limits: limitsOf(task.service.task.cpu && task.service.task.cpu / CPU_UNITS, task.service.task.memory),
            AvailabilityZone: task.placement.zone,
            LaunchType: task.service.fargate ? 'FARGATE' : 'EC2',
            Containers: containers,
          }
        : containers.find(({ Name }) => Name === container);
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  };
}

function describe(task: Task, { name, image, settings }: ContainerPlan) {
  const { cluster, task: definition } = task.service;
  const startedAt = new Date(task.createdAt).toISOString();
  return {
    DockerId: `${task.id}-${name}`,
    Name: name,
    DockerName: `ecs-${definition.family}-1-${name}`,
    Image: 'image' in image ? image.image : image.hash,
    Type: 'NORMAL',
    ContainerARN: `${task.arn.replace(':task/', ':container/')}/${name}`,
    CreatedAt: startedAt,
    StartedAt: startedAt,
    Limits: limitsOf(settings.cpu, settings.memory),
    DesiredStatus: 'RUNNING',
    KnownStatus: 'RUNNING',
    Labels: {
      'com.amazonaws.ecs.cluster': cluster,
      'com.amazonaws.ecs.container-name': name,
      'com.amazonaws.ecs.task-arn': task.arn,
      'com.amazonaws.ecs.task-definition-family': definition.family,
      'com.amazonaws.ecs.task-definition-version': '1',
    },
    Networks: [{ NetworkMode: task.service.task.networkMode, IPv4Addresses: [task.address] }],
  };
}

function limitsOf(cpu?: number, memory?: number) {
  return { ...(cpu === undefined ? {} : { CPU: cpu }), ...(memory === undefined ? {} : { Memory: memory }) };
}
