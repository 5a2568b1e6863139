//! The measured processes from outside: how long they take to start, how much
//! memory they hold.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);

/// Median milliseconds from the start of the program to its first good answer.
pub fn median_start(authority: &str, runs: usize, program: &[String]) -> Result<f64, String> {
    let mut times = Vec::new();
    for _ in 0..runs.max(1) {
        let begun = Instant::now();
        let mut child = Command::new(&program[0])
            .args(&program[1..])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| format!("{}: {error}", program[0]))?;
        let answered = wait_for_answer(authority, &mut child, begun);
        let took = begun.elapsed();
        stop(&mut child)?;
        answered?;
        times.push(took.as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

fn wait_for_answer(authority: &str, child: &mut Child, begun: Instant) -> Result<(), String> {
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Err(format!("it ended before it answered: {status}"));
        }
        if answers(authority) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    Err(format!(
        "no answer at {authority} within {} s",
        PATIENCE.as_secs()
    ))
}

fn answers(authority: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(authority)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let path = "/.well-known/openid-configuration";
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
        )?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// Ask it to end, as an administrator would, and wait.
fn stop(child: &mut Child) -> Result<(), String> {
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    asked.map_err(|error| format!("kill: {error}"))?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if child
            .try_wait()
            .map_err(|error| error.to_string())?
            .is_some()
        {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().map_err(|error| error.to_string())?;
    Err("it does not end when asked".into())
}

/// Resident memory in MB (MiB), now and at its peak.
pub fn memory_mb(pid: u32) -> Result<(f64, f64), String> {
    let path = format!("/proc/{pid}/status");
    let status = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let read = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024.0)
    };
    read("VmRSS:")
        .zip(read("VmHWM:"))
        .ok_or_else(|| format!("{path} names no memory"))
}
