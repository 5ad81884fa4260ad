import * as net from 'node:net';

/** Two sockets become one connection: what one side says or does, the other hears, half-closed ends and resets included. */
export function join(one: net.Socket, other: net.Socket): void;

/** Calls `heard` with each line of JSON that a socket sends. */
export function lines(socket: net.Socket, heard: (line: unknown) => void): void;

/** The first line of a socket; what follows it stays in the socket for the next reader. */
export function firstLine(socket: net.Socket, heard: (line: string) => void): void;
