-- For wrk: asks for the first `count` lines of `file` in turn, after the first `from`, `rate` times a second or, with 0, as fast as
-- answers come.
-- At a rate, the n-th request is due n / rate after the first, whichever connection is free by then: late ones are sent at once.
local ffi = require('ffi')
ffi.cdef('typedef struct { long sec; long usec; } bench_time; int gettimeofday(bench_time *, void *);')

local requests, turn = {}, 0
local rate, due, started = 0, 0, nil
local clock = ffi.new('bench_time')

local function milliseconds()
  ffi.C.gettimeofday(clock, nil)
  return tonumber(clock.sec) * 1000 + tonumber(clock.usec) / 1000
end

function init(args)
  local count = tonumber(args[2])
  rate = tonumber(args[3])
  turn = tonumber(args[4])
  for line in io.lines(args[1]) do
    if #requests == count then break end
    requests[#requests + 1] = wrk.format(nil, line)
  end
  if rate == 0 then delay = nil end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function delay()
  local now = milliseconds()
  started = started or now
  due = due + 1
  return math.max(0, math.floor(started + due * 1000 / rate - now + 0.5))
end
