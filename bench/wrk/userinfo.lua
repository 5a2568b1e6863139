-- Portals ask who holds a token; each argument is one access token, used in turn.
-- wrk -t1 -c16 -d8s -s userinfo.lua http://127.0.0.1:8080 -- TOKEN TOKEN …

dofile("summary.lua")

local requests, last = {}, 0

function init(args)
  for i = 1, #args do
    requests[i] = wrk.format("GET", "/oauth/userinfo", { ["Authorization"] = "Bearer " .. args[i] })
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
