import { readFileSync } from 'node:fs';

/** The clock of /proc/<pid>/stat, which Linux shows in hundredths of a second whatever the kernel uses. */
const TICK_MICROS = 10_000;

/** CPU time that a process has used, in microseconds; NaN where the system has no /proc, or the process is gone. */
export function cpuMicros(pid: number | undefined): number {
  return cpuMicrosOf(read(`/proc/${pid}/stat`));
}

/** Resident memory in MiB; NaN likewise. */
export function residentMiB(pid: number | undefined): number {
  return residentMiBOf(read(`/proc/${pid}/status`));
}

/** `stat`: the name may hold spaces and brackets, so fields are counted from the last bracket. */
export function cpuMicrosOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
}

export function residentMiBOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
