-- wrk: GETs of the addresses listed in a file, one a line, in a scattered order. They are made ready before the run,
-- so that the server and not this script uses the processors.
local ready = {}
local at = 0

function init(arguments)
  for path in io.lines(arguments[1]) do
    ready[#ready + 1] = wrk.format("GET", path)
  end
end

function request()
  at = (at + 7919) % #ready
  return ready[at + 1]
end
