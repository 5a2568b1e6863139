-- A resource server asks whether a token lives; after its credentials each
-- argument is one access token, used in turn.
-- wrk -t1 -c16 -d8s -s introspection.lua http://127.0.0.1:8080 -- "Basic …" TOKEN TOKEN …

dofile("summary.lua")

local requests, last = {}, 0

function init(args)
  local headers = {
    ["Authorization"] = args[1],
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }
  for i = 2, #args do
    requests[i - 1] = wrk.format("POST", "/oauth/introspect", headers, "token=" .. args[i])
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
