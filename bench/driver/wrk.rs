//! Runs wrk with one of our scripts and reads the line the script prints.

use std::path::Path;

use serde_json::Value;

use crate::measure::Measured;

/// One thread is enough for wrk to outrun either server, and leaves them the
/// rest of two cores.
const THREADS: &str = "-t1";

/// Drive one endpoint. Any answer above 399 and any broken connection is an error.
pub async fn measure(
    scripts: &Path,
    script: &str,
    authority: &str,
    connections: usize,
    seconds: u64,
    arguments: &[String],
) -> Result<Measured, String> {
    let mut command = std::process::Command::new("wrk");
    command
        .current_dir(scripts)
        .args([
            THREADS,
            &format!("-c{connections}"),
            &format!("-d{seconds}s"),
            "-s",
            script,
        ])
        .arg(format!("http://{authority}"))
        .arg("--")
        .args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| format!("wrk: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("summary "))
        .ok_or_else(|| {
            format!(
                "wrk printed no summary: {text}{}",
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
    let summary: Value = serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
    let number = |name: &str| {
        summary[name]
            .as_f64()
            .ok_or_else(|| format!("no {name} in {line}"))
    };
    if number("errors")? > 0.0 {
        return Err(format!("wrk saw errors: {line}"));
    }
    Ok(Measured {
        done: number("requests")?,
        seconds: number("micros")? / 1e6,
        p50_ms: number("p50_micros")? / 1000.0,
        p99_ms: number("p99_micros")? / 1000.0,
    })
}
