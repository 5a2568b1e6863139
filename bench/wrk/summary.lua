-- What the driver reads after a run: one line of JSON.

function done(summary, latency)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format(
    'summary {"requests":%d,"micros":%d,"p50_micros":%d,"p99_micros":%d,"errors":%d,"status_errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors, e.status
  ))
end
