<?php

// The recipe of docs/clients.md, run with the variables that a container gets: a job is pushed, popped and run by Laravel's own queue.

function redis(): array
{
    // recipe: Laravel
    // 'redis' in config/database.php
    $tls = env('REDIS_TLS');
    $server = ['scheme' => $tls ? 'tls' : 'tcp', 'host' => env('REDIS_HOST'), 'port' => (int) env('REDIS_PORT')];
    $login = ['password' => env('REDIS_USERNAME') ? [env('REDIS_USERNAME'), env('REDIS_PASSWORD')] : env('REDIS_PASSWORD')];
    // Without a context, phpredis speaks no TLS to the nodes of a cluster.
    $context = $tls ? ['context' => ['verify_peer' => true, 'verify_peer_name' => true]] : [];

    return ['client' => 'phpredis'] + (env('REDIS_CLUSTER_MODE')
        ? ['clusters' => ['default' => [$server], 'options' => $login + $context]]
        : ['default' => $server + $login]);
    // recipe end
}

require 'Illuminate/Redis/autoload.php';
require 'Illuminate/Queue/autoload.php';

// Of Laravel itself, which Debian has in another package.
if (! function_exists('env')) {
    function env(string $name)
    {
        $value = getenv($name);

        return ['' => null, 'true' => true, 'false' => false][$value] ?? ($value === false ? null : $value);
    }
}

class Add
{
    public static ?int $answer = null;

    public function fire($job, array $numbers): void
    {
        self::$answer = array_sum($numbers);
        $job->delete();
    }
}

try {
    $container = new Illuminate\Container\Container;
    $config = redis();
    $manager = new Illuminate\Redis\RedisManager($container, $config['client'], $config);
    // A queue in braces has all of its keys in one slot of a cluster.
    $queue = new Illuminate\Queue\RedisQueue($manager, '{default}');
    $queue->setContainer($container);
    $queue->push(Add::class, [2, 3]);
    $queue->pop()->fire();
    echo json_encode(Add::$answer), PHP_EOL;
} catch (Throwable $error) {
    echo json_encode(['error' => get_class($error).': '.$error->getMessage()]), PHP_EOL;
}
