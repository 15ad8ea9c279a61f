-- Each request is another respondent: a token and a key of its own, from the file that it is told.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
  thread:set("path", os.getenv("RESPONDENTS"))
  thread:set("first", tonumber(os.getenv("FIRST")))
end

function init(arguments)
  lines = io.open(path, "r")
  lines:seek("set", (first + number * tonumber(os.getenv("SLICE"))) * 40)
  body = io.open(os.getenv("BODY"), "r"):read("*a")
  headers = { ["Content-Type"] = "application/json" }
end

-- A line is a token of 16 characters, a blank, a key of 22 characters and the end of the line.
function request()
  local token, key = lines:read(16), lines:read(24)
  headers["Authorization"] = "Bearer " .. token
  headers["Idempotency-Key"] = string.sub(key, 2, 23)
  return wrk.format("POST", os.getenv("PATHNAME"), headers, body)
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %.1f %.1f %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status))
end
