-- Each request is the same: a machine reads one document.
function init(arguments)
  local headers = {}
  for name, value in string.gmatch(os.getenv("HEADERS"), "([^:\n]+): ([^\n]+)") do
    headers[name] = value
  end
  fetched = wrk.format("GET", os.getenv("PATHNAME"), headers)
end

function request()
  return fetched
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %.1f %.1f %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), summary.errors.status))
end
