-- GET of the discovery document.
-- wrk -t1 -c16 -d8s -s discovery.lua http://127.0.0.1:8080

dofile("summary.lua")

wrk.path = "/.well-known/openid-configuration"
