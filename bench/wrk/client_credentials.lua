-- A machine asks for a JWT access token again and again.
-- wrk -t1 -c16 -d8s -s client_credentials.lua http://127.0.0.1:8080 -- "Basic …"

dofile("summary.lua")

local whole

function init(args)
  whole = wrk.format("POST", "/oauth/token", {
    ["Authorization"] = args[1],
    ["Content-Type"] = "application/x-www-form-urlencoded",
  }, "grant_type=client_credentials")
end

function request()
  return whole
end
