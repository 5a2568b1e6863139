//! The load program: it signs people in, drives both servers with the same
//! work, alternating between them, and prints what it saw.
//!
//! Single endpoints are driven by wrk (bench/wrk), flows by the small client in
//! `http.rs`, because a flow needs the last answer to make the next request.
//! The program shares two cores with the servers it measures, so the paths that
//! run inside a measurement avoid allocation and never parse JSON.

// Measuring is about the real clock; the ban protects the server's own code.
#![allow(clippy::disallowed_methods, reason = "a load program reads the clock")]

mod argon;
mod browser;
mod form;
mod gateway;
mod http;
mod measure;
mod plan;
mod process;
mod proof;
mod report;
mod scenario;
mod side;
mod wrk;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Drives Propusk and its peer with the same work and compares them")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a program several times; print the median milliseconds to its first answer.
    Start {
        /// Address the program listens on.
        #[arg(long)]
        authority: String,
        /// How often to start it.
        #[arg(long, default_value_t = 5)]
        runs: usize,
        /// The program and its arguments.
        #[arg(last = true, required = true)]
        program: Vec<String>,
    },
    /// Run the scenarios against two servers that are up.
    Run(Box<RunArguments>),
}

/// What `run` needs to know about the two servers.
#[derive(clap::Args)]
pub struct RunArguments {
    /// Address of Propusk, host:port.
    #[arg(long)]
    pub ours: String,
    /// Process number of Propusk, for its memory.
    #[arg(long)]
    pub ours_pid: u32,
    /// Address of oidc-provider, host:port.
    #[arg(long)]
    pub peer: String,
    /// Process number of oidc-provider.
    #[arg(long)]
    pub peer_pid: u32,
    /// Secret of every benchmark client, the same on both sides.
    #[arg(long)]
    pub client_secret: String,
    /// Password of every loaded account.
    #[arg(long)]
    pub password: String,
    /// How many accounts are loaded.
    #[arg(long)]
    pub accounts: u32,
    /// Where Propusk was told to find its SMS gateway, host:port; played by us.
    #[arg(long)]
    pub sms_gateway: String,
    /// Folder of the wrk scripts.
    #[arg(long)]
    pub wrk_scripts: PathBuf,
    /// Folder of the keys and certificates of relying parties written for ESIA.
    #[arg(long)]
    pub esia_keys: PathBuf,
    /// Median start of Propusk, measured before.
    #[arg(long)]
    pub start_ms: f64,
    /// Median start of the peer, measured before.
    #[arg(long)]
    pub peer_start_ms: f64,
    /// What our side stores in, for the report.
    #[arg(long, default_value = "sqlite")]
    pub database: String,
    /// Short measurements: the whole run ends within four minutes.
    #[arg(long)]
    pub quick: bool,
    /// Run this scenario alone (may be repeated).
    #[arg(long)]
    pub only: Vec<String>,
    /// One JSON object on one line instead of the table.
    #[arg(long)]
    pub json: bool,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Start {
            authority,
            runs,
            program,
        } => process::median_start(&authority, runs, &program).map(|ms| {
            println!("{ms:.0}");
            true
        }),
        Command::Run(arguments) => run(&arguments),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("bench: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// True when every scenario got only the answers it expects.
fn run(arguments: &RunArguments) -> Result<bool, String> {
    gateway::start(&arguments.sms_gateway)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let local = tokio::task::LocalSet::new();
    let report = local.block_on(&runtime, scenario::run_all(arguments))?;
    println!(
        "{}",
        if arguments.json {
            report.json()
        } else {
            report.table()
        }
    );
    Ok(report.complete())
}
